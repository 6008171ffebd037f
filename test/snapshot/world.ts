import type { Mailbox, Trustee } from '../../core/model/mailbox.ts'
import type { Snapshot } from '../../core/model/plan.ts'
import type { Logger } from '../../core/ports.ts'
import type { SnapshotOptions, SnapshotProgress } from '../../core/snapshot/options.ts'
import { readSnapshot, type SnapshotOutcome } from '../../core/snapshot/snapshot.ts'
import { FakeAccountTarget } from '../fakes/fake-account-target.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { FakeDirectory } from '../fakes/fake-directory.ts'
import { FakeMailboxSource } from '../fakes/fake-mailbox-source.ts'
import { MemoryMappingStore } from '../fakes/memory-mapping-store.ts'
import { MemoryReadingStore } from '../fakes/memory-reading-store.ts'
import { PortCalls } from '../fakes/port-calls.ts'
import { aMailbox, anAccount, aRow, guid } from '../support/build.ts'

const silent: Logger = { log: () => undefined }

/** A tenant and its Zivver in memory, and the snapshots read from them. */
export class World {
  readonly calls = new PortCalls()
  readonly clock = new FakeClock()
  readonly source = new FakeMailboxSource(this.calls)
  readonly directory = new FakeDirectory(this.calls)
  readonly target = new FakeAccountTarget(this.calls)
  readonly mappings = new MemoryMappingStore(this.calls)
  readonly readings = new MemoryReadingStore(this.calls)
  readonly progress: SnapshotProgress[] = []
  readonly logger = silent
  options: SnapshotOptions = {
    runId: 'run-1',
    includedDomains: new Set(['contoso.example']),
    sourceFilter: [],
    nestedGroups: false,
    delegates: true,
    userDelegationMaxAgeHours: 0,
    resetAccountMapping: false,
    deadline: Number.POSITIVE_INFINITY,
    onProgress: (progress) => this.progress.push(progress),
    checkpoint: async () => undefined,
  }

  /** Gives the tenant `count` user mailboxes, numbered from 1, each with a linked account. */
  fill(count: number): this {
    const numbers = Array.from({ length: count }, (_, index) => index + 1)
    this.source.mailboxes = numbers.map((number) => aUser(number))
    this.target.accounts = numbers.map((number) =>
      anAccount({ scimId: `scim-${number}`, address: addressOf(number) }),
    )
    for (const number of numbers) {
      const key = guid(number)
      this.mappings.rows.set(
        key,
        aRow({ key, scimId: `scim-${number}`, address: addressOf(number) }),
      )
    }
    return this
  }

  read(options: Partial<SnapshotOptions> = {}): Promise<SnapshotOutcome> {
    return readSnapshot(this, { ...this.options, ...options })
  }

  /** Reads a snapshot that must be complete. */
  async readAll(options: Partial<SnapshotOptions> = {}): Promise<Snapshot> {
    const outcome = await this.read(options)
    if (outcome.status !== 'complete') throw new Error('the snapshot is not complete')
    return outcome.snapshot
  }

  /** How often the permissions of each mailbox were read, and nothing else: `{ [identifier]: times }`. */
  timesRead(): Readonly<Record<string, number>> {
    const times: Record<string, number> = {}
    for (const identifier of this.calls.of('source.readFullAccess').flatMap(({ about }) => about)) {
      times[identifier] = (times[identifier] ?? 0) + 1
    }
    return times
  }
}

export function addressOf(number: number): string {
  return `user${number}@contoso.example`
}

export function aUser(number: number, part: Partial<Mailbox> = {}): Mailbox {
  return aMailbox({ identifier: guid(number), primarySmtpAddress: addressOf(number), ...part })
}

export function aShared(number: number, part: Partial<Mailbox> = {}): Mailbox {
  return aUser(number, { recipientTypeDetails: 'SharedMailbox', ...part })
}

/** Trustees as permission rows show them, by their texts. */
export function trustees(...texts: readonly string[]): readonly Trustee[] {
  return texts.map((text) => ({ text, sid: '' }))
}

/** Rejects with the error, once no call is going on any more. */
export async function failureOf(world: World, work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (world.calls.going > 0) throw new Error(`${world.calls.going} calls still go on`)
  return error
}
