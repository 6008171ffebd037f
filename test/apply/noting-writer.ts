import { applyPlan } from '../../core/apply/apply.ts'
import type { JournalChange } from '../../core/model/change.ts'
import type { MappingRow } from '../../core/model/mapping.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import type { AccountWriter, ResolvedWrite, WriteAnswer } from '../../core/ports.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { MemoryJournalStore } from '../fakes/memory-journal-store.ts'
import { MemoryMappingStore } from '../fakes/memory-mapping-store.ts'
import { aPolicy, aSnapshot, type SnapshotParts } from '../support/build.ts'

type Rejection = Extract<WriteAnswer, { status: 'rejected' }>

/** What a Zivver turns down; `null` = it takes the write. */
export type Refuse = (write: ResolvedWrite) => Pick<Rejection, 'code' | 'aliasHint'> | null

/** A Zivver that notes what it gets; every write takes a while on the clock. */
export class NotingWriter implements AccountWriter {
  readonly clock = new FakeClock(undefined, { isAutomatic: true })
  /** `> …` when a write begins, `< …` when it ends. */
  readonly notes: string[] = []
  readonly #refuse: Refuse

  constructor(refuse: Refuse = () => null) {
    this.#refuse = refuse
  }

  /** What was sent, in order. */
  get sent(): readonly string[] {
    return this.notes.filter((note) => note.startsWith('> ')).map((note) => note.slice(2))
  }

  create(_kind: string, write: ResolvedWrite): Promise<WriteAnswer> {
    return this.#write('new', `create ${write.address}`, write)
  }

  update(_kind: string, scimId: string, write: ResolvedWrite): Promise<WriteAnswer> {
    const delegates = write.extension?.delegates ?? write.members ?? []
    const what = write.address ?? `delegates ${delegates.join(' ')}`.trim()
    return this.#write(scimId, `${scimId} ${what}`, write)
  }

  emptyMembers(scimId: string): Promise<WriteAnswer> {
    return this.#write(scimId, `${scimId} emptied`, {})
  }

  findByAddress(): Promise<null> {
    return Promise.resolve(null)
  }

  async #write(scimId: string, what: string, write: ResolvedWrite): Promise<WriteAnswer> {
    this.notes.push(`> ${what}`)
    await this.clock.sleep(10)
    this.notes.push(`< ${what}`)
    const refusal = this.#refuse(write)
    return refusal === null
      ? { status: 'done', scimId }
      : { status: 'rejected', message: 'no', ...refusal }
  }
}

/** Applies changes to this Zivver, as many at once as a run does. */
export async function apply(
  changes: readonly JournalChange[],
  writer: NotingWriter,
): Promise<{ changes: readonly JournalChange[]; rows: readonly MappingRow[] }> {
  const { clock } = writer
  const store = new MemoryJournalStore({ clock, leaseSeconds: 3600 })
  const journal = await store.acquire('run', 'test', await store.sight('run'))
  if (journal === null) throw new Error('nobody else works on the run')
  await journal.storePlan(changes)
  const mappings = new MemoryMappingStore()
  const logger = { log: () => undefined }
  const result = await applyPlan({ writer, journal, clock, mappings, logger }, changes, {
    deadline: Number.POSITIVE_INFINITY,
    concurrency: 16,
    mayBegin: async () => () => undefined,
    onProgress: () => undefined,
    onWarning: () => undefined,
  })
  return { changes: result.changes, rows: [...mappings.rows.values()] }
}

/** The changes of a plan, none of them begun. */
export function changesOf(parts: SnapshotParts): readonly JournalChange[] {
  const { changes } = buildPlan(aSnapshot(parts), aPolicy())
  return changes.map((change) => ({ ...change, stepsDone: 0 }))
}
