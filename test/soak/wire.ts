import type { RoundDraw } from './draw.ts'
import type { SoakWorld } from './soak-world.ts'
import type { Strike } from './strikes.ts'
import type { Counts } from './tally.ts'
import type { WireFault } from './wire-faults.ts'

type Spell = Extract<WireFault, { begin: object }> & {
  /** Calls that the service had got when it began. */
  readonly callsBefore: number
}

/** The faults on the wire of one round: each begins and ends in its time, and is counted when it met a call. */
export class Wire {
  readonly #world: SoakWorld
  readonly #strikes: readonly Strike[]
  readonly #met: Counts
  #waiting: readonly WireFault[]
  #lasting: readonly Spell[] = []
  #begun = 0

  /** @param met counts the faults that happened */
  constructor(world: SoakWorld, { wire, strikes }: RoundDraw, met: Counts) {
    this.#world = world
    this.#waiting = wire
    this.#strikes = strikes
    this.#met = met
  }

  /** Keeps an answer back from the write at which a strike is due. */
  async holdWrites(): Promise<void> {
    const rules = this.#strikes.flatMap((strike) => {
      if (!('write' in strike.at)) return []
      const { write: nth, processed } = strike.at
      const match = { tags: { access: 'write' } }
      return [{ id: heldFor(strike), match, nth, action: { kind: 'hang' as const, processed } }]
    })
    await this.#world.services.zivver.addFaults(rules)
  }

  /** Begins and ends what is due. @param ms since the round's first request */
  async turn(ms: number): Promise<void> {
    const due = this.#waiting.filter(({ afterMs }) => afterMs <= ms)
    this.#waiting = this.#waiting.filter((fault) => !due.includes(fault))
    for (const fault of due) await this.#begin(fault)
    const over = this.#lasting.filter(({ afterMs, lastsMs }) => afterMs + lastsMs <= ms)
    for (const spell of over) await this.#endSpell(spell)
  }

  async #begin(fault: WireFault): Promise<void> {
    const service = this.#world.services[fault.service]
    this.#begun += 1
    if ('rule' in fault) {
      await service.addFaults([{ id: `${this.#begun} ${fault.kind}`, ...fault.rule }])
      return
    }
    const callsBefore = await service.count()
    await service.act(fault.begin.action, fault.begin)
    this.#lasting = [...this.#lasting, { ...fault, callsBefore }]
  }

  async #endSpell(spell: Spell): Promise<void> {
    this.#lasting = this.#lasting.filter((other) => other !== spell)
    const service = this.#world.services[spell.service]
    if (spell.end !== undefined) await service.act(spell.end.action, spell.end)
    if ((await service.count()) > spell.callsBefore) this.#met.add(spell.kind)
  }

  /** The strikes whose moment has come. */
  async due(strikes: readonly Strike[], ms: number): Promise<readonly Strike[]> {
    const isHeld = strikes.some(({ at }) => 'write' in at)
    const rules = isHeld ? await this.#world.services.zivver.faults() : []
    const fired = new Set(rules.filter((rule) => rule.fired > 0).map(({ id }) => id))
    return strikes.filter((strike) =>
      'write' in strike.at ? fired.has(heldFor(strike)) : ms >= strike.at.afterMs,
    )
  }

  /** All is well again; what met calls is counted, as often as it did. */
  async end(): Promise<void> {
    this.#waiting = []
    for (const spell of this.#lasting) await this.#endSpell(spell)
    for (const service of Object.values(this.#world.services)) {
      for (const { id, fired } of await service.faults()) this.#met.add(kindOf(id), fired)
      await service.clearFaults()
    }
  }
}

const held = 'Zivver: write held for a strike'
const heldFor = (strike: Strike) => `${held} ${JSON.stringify(strike)}`

function kindOf(id: string): string {
  return id.startsWith(held) ? held : id.slice(id.indexOf(' ') + 1)
}
