import type { ErrorCode } from '../errors.ts'
import type { Action } from './change.ts'

/** A change that failed in the last sync that tried it, remembered until one succeeds or no plan has it any more. */
export interface StandingFailure {
  /** Of the account: `<kind>-<identifier>`, or `<kind>-<SCIM id>` where it has no mailbox. */
  readonly key: string
  readonly action: Action
  readonly code: ErrorCode
  readonly address: string
  /** Start of the first sync of an unbroken row in which it failed like this. ISO 8601 UTC. */
  readonly firstSeen: string
  readonly timesSeen: number
  /** The sync that saw it last: it counts once, however often that run is ended. */
  readonly lastRunId: string
  /** Start of that sync. ISO 8601 UTC. */
  readonly lastSeen: string
}
