import type { Account } from './model/account.ts'
import type { AccountWrite, ChangeOutcome, JournalChange } from './model/change.ts'
import type { Complete } from './model/complete.ts'
import type { StandingFailure } from './model/failure.ts'
import type {
  AccountKind,
  DirectoryGroup,
  DirectoryMember,
  FullAccessReading,
  Mailbox,
} from './model/mailbox.ts'
import type { MappingRow } from './model/mapping.ts'
import type { RunRecord, RunStatus } from './model/run.ts'
import type { Warning } from './model/warning.ts'

/** Time as the core knows it; injected, so that a simulation can own it. */
export interface Clock {
  /** Wall clock. */
  now(): Date
  /** Milliseconds that never jump, for durations, deadlines and leases. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'

/** One structured line: a sentence, then fields. Addresses belong to DEBUG only; secrets are masked by the implementation. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** Exchange Online, read only. */
export interface MailboxSource {
  /**
   * Lists every mailbox of the tenant. `onMailboxes` gets them as they arrive, a few at a time (a mailbox may come twice,
   * after a restart of the listing); the result is complete and free of doubles, sorted by `exchangeGuid`.
   * @throws SyncError `SOURCE_INCOMPLETE`, `SOURCE_EMPTY`, `EXCHANGE_*`, `SOURCE_UNREACHABLE`; LongWait
   */
  listMailboxes(onMailboxes?: (some: readonly Mailbox[]) => void): Promise<Complete<Mailbox>>
  /** How many mailboxes `readFullAccess` takes at best in one call. */
  readonly preferredBatch: () => number
  /** How many `readFullAccess` calls are best kept going at once. */
  readonly parallelBatches: () => number
  /**
   * Reads Full Access of a few mailboxes; one reading each, in any order. A definite error for one mailbox is a
   * `failed` reading; missing rights and exhausted retries throw.
   */
  readFullAccess(mailboxes: readonly Mailbox[]): Promise<readonly FullAccessReading[]>
  /**
   * Reads single mailboxes by identifier (`Get-Mailbox -Identity`). Only a definite not-found is `absent`;
   * anything unclear throws.
   */
  probeMailboxes(identifiers: readonly string[]): Promise<ReadonlyMap<string, 'present' | 'absent'>>
  /** `Get-Recipient -Identity`: who a trustee's text is, when the index does not know. */
  findRecipient(text: string): Promise<RecipientFinding>
}

/** The answer of a look-up of one trustee. `unknown`: ambiguous, or a definite error. */
export type RecipientFinding =
  | {
      readonly status: 'found'
      readonly identifier: string | null
      readonly recipientTypeDetails: string
    }
  | { readonly status: 'absent' }
  | { readonly status: 'unknown'; readonly reason: string }

/** Microsoft Graph, read only. */
export interface Directory {
  /** One group by object id; `null` = it does not exist (404). @throws SyncError `GRAPH_*` on missing rights, `SOURCE_UNREACHABLE` */
  readGroup(id: string): Promise<DirectoryGroup | null>
  /** Direct members. @throws as above; a definite refusal for this one group throws SyncError `SOURCE_FILTER_UNREADABLE` */
  listMembers(groupId: string): Promise<Complete<DirectoryMember>>
  /** All mail-enabled security groups and Microsoft 365 groups, for trustees that are given by name. */
  listMailGroups(): Promise<Complete<DirectoryGroup>>
  /** A user, group or other object by UPN, address or object id; `null` = a definite not-found. */
  findObject(text: string): Promise<DirectoryMember | null>
}

/** Zivver, reading. */
export interface AccountTarget {
  /**
   * Both lists, complete.
   * @param mayBegin asked right before each request leaves; absent = it may
   * @throws SyncError `TARGET_INCOMPLETE`, `ZIVVER_*`, `TARGET_UNREACHABLE`; LongWait; whatever `mayBegin` throws
   */
  listAccounts(
    mayBegin?: MayBegin,
  ): Promise<{ accounts: Complete<Account>; warnings: readonly Warning[] }>
  /** Reads accounts by id; `gone` only on a definite answer (404, or 400 with the known text). */
  probeAccounts(
    accounts: readonly { readonly kind: AccountKind; readonly scimId: string }[],
    mayBegin?: MayBegin,
  ): Promise<ReadonlyMap<string, 'present' | 'gone'>>
}

/** A write's end as Zivver told it. `unknown`: no answer came, it may have happened. */
export type WriteAnswer =
  | { readonly status: 'done'; readonly scimId: string }
  | {
      readonly status: 'rejected'
      readonly code:
        | 'ALIAS_IS_GUEST'
        | 'ALIAS_TAKEN'
        | 'ADDRESS_TAKEN'
        | 'ACCOUNT_OUTSIDE_ORGANIZATION'
        | 'ACCOUNT_UNKNOWN'
        | 'DIVISION_INVALID'
        | 'WRITE_REJECTED'
        | 'WRITE_NOT_CONFIRMED'
      readonly message: string
      /** The one alias that the answer names (an address, or the owner's SCIM id), where it names one. */
      readonly aliasHint: string | null
    }
  | { readonly status: 'unknown'; readonly message: string }

/** References resolved: what really goes over the wire. */
export interface ResolvedWrite extends Omit<AccountWrite, 'extension' | 'members'> {
  readonly extension?: {
    readonly aliases: readonly string[]
    /** Addresses; only for users. */
    readonly delegates?: readonly string[]
    readonly externalAccountId: string | null
    readonly ssoAccountKey: string | null
    readonly other: Readonly<Record<string, unknown>>
  }
  /** SCIM ids; only for groups. */
  readonly members?: readonly string[]
}

/**
 * Zivver, writing; absent in a preview. Paces itself, obeys and retries 429 and 503 itself. `mayBegin` is asked
 * after the last wait and right before each request leaves; it throws when the run may no longer write.
 */
export interface AccountWriter {
  create(kind: AccountKind, write: ResolvedWrite, mayBegin: MayBegin): Promise<WriteAnswer>
  update(
    kind: AccountKind,
    scimId: string,
    write: ResolvedWrite,
    mayBegin: MayBegin,
  ): Promise<WriteAnswer>
  emptyMembers(scimId: string, mayBegin: MayBegin): Promise<WriteAnswer>
  /** The one look-up by address that is allowed: a create whose outcome is unknown (contract, section 9). */
  findByAddress(kind: AccountKind, address: string, mayBegin: MayBegin): Promise<Account | null>
}
/**
 * Asked before each request of a write: may it begin? Rejects when the run must stop.
 * @returns the last look, to be taken in the turn in which the bytes leave; it throws when too much time has passed since
 */
export type MayBegin = () => Promise<LastLook>
export type LastLook = () => void

/** `CloudSyncMappings` of one tenant. */
export interface MappingStore {
  list(): Promise<Complete<MappingRow>>
  /** Rows whose address begins with `address`, a page at a time. */
  query(
    filter: { readonly address?: string },
    continuation?: string,
  ): Promise<{ rows: readonly MappingRow[]; continuation?: string }>
  /** Stores and deletes in batches; a row is replaced as a whole. */
  write(change: {
    readonly upsert: readonly MappingRow[]
    readonly remove: readonly string[]
  }): Promise<void>
}

/** Stored Full Access readings of one tenant. */
export interface StoredReading {
  readonly reading: FullAccessReading
  readonly runId: string
  /** ISO 8601 UTC. */
  readonly readAt: string
}

export interface ReadingStore {
  list(): Promise<ReadonlyMap<string, StoredReading>>
  write(readings: readonly StoredReading[]): Promise<void>
  /** Deletes readings made before the moment. */
  purge(before: string): Promise<void>
}

/** `CloudSyncFailures` of one tenant: changes that failed in the last sync that tried them. */
export interface FailureStore {
  list(): Promise<readonly StandingFailure[]>
  /** Stores and deletes in batches; a row is replaced as a whole. */
  write(change: {
    readonly upsert: readonly StandingFailure[]
    readonly remove: readonly string[]
  }): Promise<void>
  /** Deletes what was seen last before the moment. */
  purge(before: string): Promise<void>
}

/** What a look at the health needs of storage (`CloudSyncHealth`). */
export interface HealthStore {
  /** Writes a row, reads it and deletes it. @throws SyncError `STORAGE_UNAVAILABLE` */
  probe(): Promise<void>
  /**
   * When this key was first seen here, ISO 8601 UTC; a new one is remembered in place of the others.
   * @param digest stands for the key
   */
  keySeenSince(digest: string): Promise<string>
}

/** What a token says that its holder is and may do, where it is a JSON Web Token. */
export interface TokenRights {
  /** `roles`: application permissions on the API that the token is for; the claim is left out where there are none. */
  readonly appRoles: readonly string[]
  /** `wids`: template ids of Entra roles; `null` = the token does not say. */
  readonly directoryRoles: readonly string[] | null
  readonly tenantId: string | null
  /** Object id of the identity. */
  readonly principalId: string | null
}

/** Log lines of a run's earlier slices, kept at DEBUG for the report's attachment; the last few megabytes of them. */
export interface RunLogStore {
  /** @param lines whole lines, each with its line break */
  append(runId: string, lines: string): Promise<void>
  read(runId: string): Promise<string>
  purge(runId: string): Promise<void>
}

/** Why a run could not be requested. */
export type RunRequestAnswer =
  | { readonly status: 'queued'; readonly run: RunRecord }
  | { readonly status: 'conflict'; readonly activeRun: string }

/**
 * `CloudSyncRuns` of one tenant: the history, and the two slots (the active run; one waiting scheduled run),
 * kept in one partition so that storage itself decides who was first.
 */
export interface RunStore {
  /** Stores a new queued run in its slot, in one transaction. A scheduled run may wait behind an active one; a manual one conflicts. */
  request(run: RunRecord): Promise<RunRequestAnswer>
  get(id: string): Promise<RunRecord | null>
  list(
    limit: number,
    continuation?: string,
  ): Promise<{ runs: readonly RunRecord[]; continuation?: string }>
  /**
   * Puts the fence of a lease just taken into the run's row, so that storage refuses what earlier executors write there.
   * @returns the run as it is now; `null` when it has ended, is gone, or is claimed by an equal or higher fence
   */
  claim(id: string, fence: number): Promise<RunRecord | null>
  /**
   * Writes the given properties of an unfinished run, others stay; a run that has ended is left as it is.
   * @param fence of the executor, which has claimed the run
   * @throws LeaseLost when a higher fence has claimed it
   */
  update(id: string, properties: Partial<RunRecord>, fence: number): Promise<void>
  /**
   * Makes the status final and frees the slot in one transaction; a waiting scheduled run moves up.
   * @returns the id of the run that moved up, to be enqueued
   */
  finish(run: RunRecord & { readonly status: RunStatus }): Promise<{ promoted: string | null }>
  /** Which run is active (queued or running) and which scheduled run waits behind it. */
  slots(): Promise<{ readonly active: string | null; readonly waiting: string | null }>
  /** Unfinished runs, slots healed where a crash left them half done. */
  unfinished(): Promise<readonly RunRecord[]>
  /** Ids of the runs that finished before the moment. */
  finishedBefore(before: string): Promise<readonly string[]>
  /**
   * Deletes a finished run. Its journal is purged first: a run without its journal is found again, a journal without
   * its run never.
   */
  remove(id: string): Promise<void>
}

/** Proof of being the one executor of a run. */
export interface Lease {
  readonly runId: string
  readonly fence: number
}

/** What a look at a run's lease shows. `mark` changes whenever the holder is alive. */
export interface LeaseSighting {
  readonly state: 'none' | 'released' | 'held'
  readonly mark: string
  readonly cancelRequested: boolean
}

/**
 * The journal of one run (`CloudSyncChanges`, partition = run id). The lease row lives in the same partition and
 * rides in every transaction with If-Match: storage itself fences out a host that lost the lease.
 */
export interface JournalStore {
  sight(runId: string): Promise<LeaseSighting>
  /**
   * Takes a lease that is `none`, `released`, or `held` with exactly this mark (proved stale by the observer). `null` = somebody was faster.
   * @param above the new fence is higher than this one too: the lease row may have been deleted, the run's row knows
   */
  acquire(
    runId: string,
    owner: string,
    sighting: LeaseSighting,
    above?: number,
  ): Promise<OpenJournal | null>
  /** Asks the holder to stop. False when there is no lease row yet (the run is queued and nobody works on it). */
  requestCancel(runId: string): Promise<boolean>
  /** Changes of a run, in order. */
  listChanges(
    runId: string,
    filter: {
      readonly action?: string
      readonly status?: string
      readonly limit: number
      readonly continuation?: string
    },
  ): Promise<{ changes: readonly JournalChange[]; continuation?: string }>
  /** All changes of a run, page by page, without collecting them. */
  eachChange(runId: string): AsyncIterable<readonly JournalChange[]>
  purge(runId: string): Promise<void>
}

/** The journal as its lease holder sees it. Every method throws LeaseLost when another holder has a higher fence. */
export interface OpenJournal {
  readonly lease: Lease
  /** Stale for this long = may be taken over; ms left until then by our own monotonic clock, counted from the last confirmed touch. */
  remainingMs(): number
  /** Touches the lease row. @returns whether a cancel was requested */
  renew(): Promise<{ cancelRequested: boolean }>
  /** Looks at the lease row without writing it (cheaper); throws LeaseLost likewise. */
  check(): Promise<{ cancelRequested: boolean }>
  /** Whether a cancel was requested, as the last touch or look saw it: every write to the journal is a touch. */
  readonly cancelRequested: boolean
  /** Replaces whatever plan is stored. */
  storePlan(changes: readonly JournalChange[]): Promise<void>
  /** Highest position that may have begun; a create or a suspension up to it without an outcome is uncertain. As last stored. */
  readonly begunThrough: number
  /**
   * Stores outcomes, and sets `begunThrough` to the given value (lower is allowed: at the clean end of a slice nothing
   * is uncertain), in fenced transactions; several callers are grouped into one, the last given value wins.
   */
  record(outcomes: readonly ChangeOutcome[], begunThrough?: number): Promise<void>
  /** Gives the lease back between slices; the fence stays. */
  release(): Promise<void>
  /** Deletes the lease row at the end of the run. */
  close(): Promise<void>
}

/** Somebody asked to cancel the run: no further write is begun. */
export class RunCancelled extends Error {
  constructor() {
    super('the run was cancelled')
    this.name = 'RunCancelled'
  }
}

/** Another executor holds the lease now: stop at once, write nothing more. */
export class LeaseLost extends Error {
  constructor(runId: string) {
    super(`the lease of run ${runId} was taken over`)
    this.name = 'LeaseLost'
  }
}

export interface RunMessage {
  readonly runId: string
  /** Mark of a lease that the sender proved stale: it may be taken over at once if it still stands. */
  readonly staleMark?: string
  /** `resumeAt` of the run for which the queue held the message back: by the queue's clock that moment has come. */
  readonly waitedUntil?: string
}

export interface RunQueue {
  enqueue(message: RunMessage, delaySeconds?: number): Promise<void>
}

export interface Attachment {
  readonly name: string
  readonly contentType: string
  readonly content: Uint8Array
}

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachments: readonly Attachment[]
}

/** Sends a report. Never throws for a mail that cannot be sent: it says so. */
export interface ReportSender {
  /** Why nothing is sent, where no mail is set up: then none need be composed. */
  readonly skips?: string
  /** @param operationId a GUID that stays the same when the same mail is sent again after a crash */
  send(
    mail: Mail,
    operationId: string,
  ): Promise<{ readonly email: 'sent' | 'skipped' | 'failed'; readonly message?: string }>
}
