import type { RunRecord } from '../../core/model/run.ts'
import type { MailboxSource, RunStore } from '../../core/ports.ts'

/** What keeps accounts safe, each to be switched off alone, to show that the schedules would notice. */
export interface Protections {
  /** Storage refuses what a host writes that lost its lease. */
  readonly isFenced: boolean
  readonly runs: (store: RunStore) => RunStore
  readonly source: (source: MailboxSource) => MailboxSource
}

export const allProtections: Protections = {
  isFenced: true,
  runs: (store) => store,
  source: (source) => source,
}

export const withoutFence: Protections = { ...allProtections, isFenced: false }

function forgetful(run: RunRecord | null): RunRecord | null {
  return run === null || run.decided !== null ? run : { ...run, planStored: false }
}

/** A restart forgets that a plan is stored, and makes another one. */
export const withoutStoredPlan: Protections = {
  ...allProtections,
  runs: (store) => ({
    request: (run) => store.request(run),
    get: async (id) => forgetful(await store.get(id)),
    list: (limit, continuation) => store.list(limit, continuation),
    claim: async (id, fence) => forgetful(await store.claim(id, fence)),
    update: (id, properties, fence) => store.update(id, properties, fence),
    finish: (run) => store.finish(run),
    slots: () => store.slots(),
    unfinished: () => store.unfinished(),
    finishedBefore: (before) => store.finishedBefore(before),
    remove: (id) => store.remove(id),
  }),
}

/** Whoever is missing from the list of mailboxes counts as gone. */
export const withoutConfirmation: Protections = {
  ...allProtections,
  source: (source) => ({
    preferredBatch: source.preferredBatch,
    parallelBatches: source.parallelBatches,
    listMailboxes: (onMailboxes) => source.listMailboxes(onMailboxes),
    readFullAccess: (mailboxes) => source.readFullAccess(mailboxes),
    findRecipient: (text) => source.findRecipient(text),
    probeMailboxes: async (identifiers) =>
      new Map(identifiers.map((id) => [id, 'absent'] as const)),
  }),
}
