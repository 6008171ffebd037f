import { describe, expect, test } from 'vitest'
import { applyPlan } from '../../core/apply/apply.ts'
import type { JournalChange } from '../../core/model/change.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import type { AccountWriter, ResolvedWrite, WriteAnswer } from '../../core/ports.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { MemoryJournalStore } from '../fakes/memory-journal-store.ts'
import { MemoryMappingStore } from '../fakes/memory-mapping-store.ts'
import {
  aMailbox,
  anAccount,
  aPolicy,
  aRow,
  aSnapshot,
  guid,
  type SnapshotParts,
} from '../support/build.ts'

const anna = 'anna@contoso.example'
const bob = 'bob@contoso.example'
const robert = 'robert@contoso.example'

/** A Zivver that notes what it gets; every write takes a while on the clock, and `refuse` turns some down. */
class NotingWriter implements AccountWriter {
  readonly notes: string[] = []
  readonly #clock: FakeClock
  readonly #refuse: (write: ResolvedWrite) => boolean

  constructor(clock: FakeClock, refuse: (write: ResolvedWrite) => boolean = () => false) {
    this.#clock = clock
    this.#refuse = refuse
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
    await this.#clock.sleep(10)
    this.notes.push(`< ${what}`)
    return this.#refuse(write)
      ? { status: 'rejected', code: 'WRITE_REJECTED', message: 'no', aliasHint: null }
      : { status: 'done', scimId }
  }
}

async function apply(changes: readonly JournalChange[], writer: NotingWriter, clock: FakeClock) {
  const store = new MemoryJournalStore({ clock, leaseSeconds: 3600 })
  const journal = await store.acquire('run', 'test', await store.sight('run'))
  if (journal === null) throw new Error('nobody else works on the run')
  await journal.storePlan(changes)
  return applyPlan(
    {
      writer,
      journal,
      clock,
      mappings: new MemoryMappingStore(),
      logger: { log: () => undefined },
    },
    changes,
    {
      deadline: Number.POSITIVE_INFINITY,
      concurrency: 16,
      mayBegin: async () => () => undefined,
      onProgress: () => undefined,
      onWarning: () => undefined,
    },
  )
}

function changesOf(parts: SnapshotParts): readonly JournalChange[] {
  const { changes } = buildPlan(aSnapshot(parts), aPolicy())
  return changes.map((change) => ({ ...change, stepsDone: 0 }))
}

const clockOf = () => new FakeClock(undefined, { isAutomatic: true })

describe('a user who is renamed while somebody names them as a delegate', () => {
  const parts: SnapshotParts = {
    mailboxes: [
      aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
      aMailbox({ identifier: guid(2), primarySmtpAddress: robert, displayName: 'bob' }),
    ],
    accounts: [
      anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) }),
      anAccount({ scimId: 'B', address: bob, externalAccountId: guid(2) }),
    ],
    mappings: [
      aRow({ key: guid(1), scimId: 'A', address: anna }),
      aRow({ key: guid(2), scimId: 'B', address: bob }),
    ],
    delegates: { [guid(1)]: { delegates: [guid(2)] } },
  }

  test('has one address at a time: the two writes are never under way together', async () => {
    const clock = clockOf()
    const writer = new NotingWriter(clock)
    await apply(changesOf(parts), writer, clock)
    const [first, second] = [`A delegates ${bob}`, `B ${robert}`]
    expect(writer.notes).toEqual([`> ${first}`, `< ${first}`, `> ${second}`, `< ${second}`])
  })

  test('is named by the parking address where a run goes on after a crash in between', async () => {
    const parked = 'cloudsync-00000002@contoso.example'
    const clock = clockOf()
    const writer = new NotingWriter(clock)
    const [annas, bobs] = changesOf(parts)
    const [step] = bobs?.work.steps ?? []
    if (annas === undefined || bobs === undefined || step === undefined) throw new Error('two')
    const park = { ...step, purpose: 'park', write: { address: parked } } as const
    const half = { ...bobs, stepsDone: 1, work: { ...bobs.work, steps: [park, step] } }
    await apply([annas, half], writer, clock)
    expect(writer.notes[0]).toBe(`> A delegates ${parked}`)
  })
})

test('a group whose every new member could not be made is emptied of the old ones', async () => {
  const clock = clockOf()
  const writer = new NotingWriter(clock, ({ address }) => address === bob)
  const info = 'info@contoso.example'
  const changes = changesOf({
    mailboxes: [
      aMailbox({
        identifier: guid(1),
        primarySmtpAddress: info,
        recipientTypeDetails: 'SharedMailbox',
      }),
      aMailbox({ identifier: guid(2), primarySmtpAddress: bob }),
      aMailbox({ identifier: guid(3), primarySmtpAddress: anna }),
    ],
    accounts: [
      anAccount({
        kind: 'functional',
        scimId: 'G',
        address: info,
        externalAccountId: guid(1),
        delegates: ['A'],
      }),
      anAccount({ scimId: 'A', address: anna, externalAccountId: guid(3) }),
    ],
    mappings: [
      aRow({ key: guid(1), scimId: 'G', address: info, kind: 'functional' }),
      aRow({ key: guid(3), scimId: 'A', address: anna }),
    ],
    delegates: { [guid(1)]: { delegates: [guid(2)] } },
  })
  const result = await apply(changes, writer, clock)
  expect(writer.notes.filter((note) => note.startsWith('>'))).toEqual([
    `> create ${bob}`,
    '> G emptied',
  ])
  expect(result.changes.map(({ action, status }) => [action, status])).toEqual([
    ['create', 'failed'],
    ['update', 'applied'],
  ])
})
