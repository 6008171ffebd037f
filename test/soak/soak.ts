/**
 * `npm run soak -- --minutes 10`: the built app in real processes on random tenants, with everything going wrong that the
 * simulators and the operating system offer, judged by the oracle all the time. Ends with 1 when something was wrong.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from '../tools/build.ts'
import { readOptions, type SoakOptions } from './options.ts'
import { playWorld } from './play-world.ts'
import { Tally } from './tally.ts'

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  const { outfile } = await build()
  const began = performance.now()
  const isTimeLeft = () => performance.now() - began < options.minutes * 60_000
  const soak = new Soak(options, outfile, isTimeLeft)
  const minute = new AbortController()
  void printEachMinute(soak, minute.signal)
  const tally = await soak.play()
  minute.abort()
  console.log(`\n${tally.table}`)
  for (const own of tally.seedsAtFault) console.log(`again: npm run soak -- --seed ${own}`)
  return tally.findings.length === 0 ? 0 : 1
}

/** Worlds, some at a time, until the time is over. */
class Soak {
  readonly #options: SoakOptions
  readonly #bundle: string
  readonly #isTimeLeft: () => boolean
  readonly #tallies: Tally[] = []

  constructor(options: SoakOptions, bundle: string, isTimeLeft: () => boolean) {
    this.#options = options
    this.#bundle = bundle
    this.#isTimeLeft = isTimeLeft
  }

  /** All worlds together, those that go on included. */
  get sum(): Tally {
    const sum = new Tally()
    for (const tally of this.#tallies) sum.add(tally)
    return sum
  }

  async play(): Promise<Tally> {
    const { isReplay, worlds } = this.#options
    await Promise.all(Array.from({ length: isReplay ? 1 : worlds }, () => this.#playOn()))
    return this.sum
  }

  async #playOn(): Promise<void> {
    do await this.#playNext()
    while (!this.#options.isReplay && this.#isTimeLeft())
  }

  async #playNext(): Promise<void> {
    const { isReplay } = this.#options
    const seed = this.#options.seed + this.#tallies.length
    const tally = new Tally()
    this.#tallies.push(tally)
    await playWorld(seed, {
      bundle: this.#bundle,
      tally,
      mayGoOn: () => isReplay || this.#isTimeLeft(),
      tell: (text) => {
        if (isReplay) console.log(text)
      },
    })
    console.log(`seed ${seed}: ${tally.line}`)
    for (const { kind, text } of tally.findings) console.log(`  ${kind}: ${text}`)
  }
}

async function printEachMinute(soak: Soak, signal: AbortSignal): Promise<void> {
  for (let minutes = 1; ; minutes++) {
    const isOver = await sleep(60_000, false, { signal }).catch(() => true)
    if (isOver) return
    console.log(`${minutes} min: ${soak.sum.line}`)
  }
}

// What this process leaves alive or paused is ended as it exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exitCode = await main()
