import type { ErrorCode, WarningCode } from '../../errors.ts'
import type { Action, ChangeStatus, FieldPath } from '../../model/change.ts'
import type { AccountKind } from '../../model/mailbox.ts'
import type { RunPhase, RunStatus } from '../../model/run.ts'
import type { ScopeReason } from '../../source/scope.ts'

/** Why a change is made; every reason that planning gives. */
export const changeReasons = [
  'new_mailbox',
  'differs',
  'back_in_scope',
  'adopted_by_identifier',
  'adopted_by_address',
  'adopted_by_former_address',
  'mailbox_made_again',
  'relinked',
  'row_outdated',
  'no_mailbox',
] as const
type ChangeReason = (typeof changeReasons)[number] | ScopeReason

interface Share {
  readonly count: number
  readonly total: number
}

interface Failures {
  readonly fresh: number
  /** Failed before in the same way. */
  readonly repeated: number
}

/**
 * Every word that the mail and the report say, in one language. Numbers come raw, texts come safe to show. What is
 * not here is quoted as it was stored with the run (messages of errors and warnings).
 */
export interface Messages {
  readonly subject: {
    readonly nothingToDo: (total: number) => string
    readonly done: (count: number, action: Action) => string
    readonly partial: (failed: number) => string
    readonly stillFailing: (repeated: number) => string
    readonly preview: (changes: number) => string
    readonly previewNothing: string
    readonly previewOverLimit: (changes: number) => string
    readonly blocked: (day: number) => string
    /** `action` is the one that nearly all changes are; `null` = several. */
    readonly would: (action: Action | null, share: Share) => string
    readonly failed: (day: number) => string
    readonly cancelled: (applied: number, planned: number) => string
    readonly settingsChanged: (applied: number, planned: number) => string
    readonly withoutSuccess: (days: number) => string
    readonly nothingApplied: string
    readonly deferred: (count: number) => string
    readonly underWay: string
  }
  readonly headline: {
    readonly nothingToDo: string
    readonly done: (applied: number) => string
    readonly partial: (failed: Failures, applied: number) => string
    readonly preview: (changes: number) => string
    readonly previewNothing: string
    readonly previewOverLimit: (changes: number) => string
    readonly blocked: (day: number) => string
    readonly failed: (day: number) => string
    readonly cancelled: string
    readonly settingsChanged: string
    readonly underWay: string
  }
  readonly lead: {
    readonly nothingToDo: (unchanged: number) => string
    readonly done: string
    readonly partial: string
    readonly preview: string
    readonly previewNothing: string
    readonly previewOverLimit: string
    readonly blocked: string
    readonly failedBeforeWriting: (phase: RunPhase) => string
    readonly failedWhileWriting: (applied: number, planned: number) => string
    readonly stopped: (applied: number, planned: number) => string
    readonly stoppedBeforeWriting: string
    readonly underWay: (phase: RunPhase) => string
    readonly deferred: (count: number) => string
  }
  readonly withoutSuccess: (since: string, days: number) => string
  readonly limit: {
    readonly share: (share: Share, percent: string, limitPercent: number) => string
    readonly noAccounts: (count: number) => string
  }
  readonly cause: {
    readonly heading: string
    readonly line: (action: Action, share: Share, reason: string) => string
    readonly rest: (count: number) => string
    readonly outOfScopeGrew: (reason: string, sizes: Sizes, since: string) => string
    /** `isCertain`: the group lost at least as many members as there are changes. */
    readonly notInGroup: (group: string, sizes: Sizes, isCertain: boolean) => string
    readonly groupShrank: (group: string, sizes: Sizes, since: string) => string
    readonly groupRemoved: (group: string, members: number, since: string) => string
    readonly groupAdded: (group: string, members: number, since: string) => string
    readonly filterIsNew: (since: string) => string
    readonly technical: string
    /** Before what is not in the language of the report. */
    readonly original: string
  }
  readonly steps: {
    readonly heading: string
    readonly approve: (runId: string) => string
    readonly allowLargeSync: string
    readonly repairInstead: string
    readonly firstSync: string
    readonly previewApprove: (runId: string) => string
    readonly turnOnSchedule: string
    readonly startAgain: string
    readonly retryByItself: string
  }
  /** On the button that leads to the dashboard. */
  readonly openRun: string
  readonly counts: {
    readonly heading: string
    readonly action: string
    readonly planned: string
    readonly applied: string
    readonly failed: string
    readonly deferred: string
    readonly open: string
    readonly unchanged: string
    readonly skipped: string
    readonly unmanaged: string
    readonly changed: string
    readonly total: string
    readonly outOfScope: string
    readonly mailboxTypes: string
    readonly ssoKeys: (count: number) => string
  }
  readonly leavers: {
    readonly heading: (count: number) => string
    readonly lead: string
  }
  readonly withoutMailbox: {
    readonly heading: (count: number) => string
    readonly lead: string
  }
  readonly failures: {
    readonly heading: (count: number) => string
  }
  readonly warnings: {
    readonly heading: (count: number) => string
    readonly remedy: string
  }
  readonly changes: {
    readonly heading: string
    readonly firstOf: (shown: number, total: number) => string
    readonly before: string
    readonly after: string
    readonly reason: string
    readonly none: string
    readonly yes: string
    readonly no: string
    readonly more: (count: number) => string
    readonly attached: string
  }
  readonly run: {
    readonly heading: string
    readonly id: string
    readonly mode: string
    readonly preview: string
    readonly sync: string
    readonly trigger: string
    readonly schedule: string
    readonly manual: string
    readonly flags: string
    readonly started: string
    readonly finished: string
    readonly duration: string
    readonly work: (duration: string, slices: number) => string
    readonly calls: string
    readonly callsOf: (exchange: string, graph: string, zivver: string) => string
    readonly cost: string
    readonly costOf: (amount: string, gigabyteSeconds: string, slices: number) => string
    readonly version: string
    readonly next: string
    readonly nextIs: (kind: 'preview' | 'sync', moments: readonly string[]) => string
    readonly status: string
    readonly email: string
  }
  readonly attachments: {
    readonly heading: string
    readonly changes: string
    readonly report: string
    readonly debug: string
    readonly cutRows: (kept: number, total: number) => string
    readonly cutLog: (kept: string, total: string) => string
  }
  readonly footer: string
  readonly page: PageMessages
  readonly actions: Readonly<Record<Action, string>>
  readonly kinds: Readonly<Record<AccountKind, string>>
  readonly changeStatuses: Readonly<Record<ChangeStatus, string>>
  readonly runStatuses: Readonly<Record<RunStatus, string>>
  readonly phases: Readonly<Record<RunPhase, string>>
  readonly fields: Readonly<Record<FieldPath, string>>
  readonly reasons: Readonly<Record<ChangeReason, string>>
  /** Why mailboxes are out of scope, short enough for a list of counts. */
  readonly scope: Readonly<Record<ScopeReason, string>>
  readonly titles: Readonly<Record<ErrorCode | WarningCode, string>>
}

interface Sizes {
  readonly before: number
  readonly now: number
}

/** What the report page's own script says: plain texts, with `{name}` where a value goes. */
export interface PageMessages {
  readonly title: string
  readonly chart: string
  readonly history: string
  readonly historyEmpty: string
  readonly groups: string
  readonly group: string
  readonly count: string
  readonly find: string
  readonly findHint: string
  readonly all: string
  readonly kind: string
  readonly cause: string
  readonly status: string
  readonly reset: string
  readonly matches: string
  readonly range: string
  readonly previous: string
  readonly next: string
  readonly field: string
  readonly identifier: string
  readonly scimId: string
  readonly error: string
  readonly noMatch: string
  readonly noChanges: string
  readonly noScript: string
  readonly print: string
  readonly cut: string
  readonly more: string
}
