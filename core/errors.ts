/**
 * The one closed list of codes that `error.code` and `warnings[].code` may carry (contract, section 3).
 * The texts of the remedies, in English and Dutch, are in `core/report/remedies.ts`; a test keeps both lists equal.
 */
export const errorCodes = [
  // A run that could not go on. Nothing was written after it.
  'CONFIG_INVALID',
  'SECRET_UNRESOLVED',
  'IDENTITY_UNAVAILABLE',
  'EXCHANGE_UNAUTHORIZED',
  'EXCHANGE_FORBIDDEN',
  'GRAPH_UNAUTHORIZED',
  'GRAPH_FORBIDDEN',
  'ZIVVER_UNAUTHORIZED',
  'ZIVVER_FORBIDDEN',
  'SOURCE_INCOMPLETE',
  'SOURCE_EMPTY',
  'SOURCE_UNREACHABLE',
  'SOURCE_FILTER_UNREADABLE',
  'SOURCE_FILTER_EMPTY',
  'TARGET_INCOMPLETE',
  'TARGET_MISMATCH',
  'TARGET_UNREACHABLE',
  'STORAGE_UNAVAILABLE',
  'STORED_ROW_INVALID',
  'SETTINGS_CHANGED',
  'APPROVAL_INVALID',
  'RUN_POISONED',
  'RUN_STALLED',
  'CANCELLED',
  'INTERNAL',
  // A change that failed; the others went on.
  'ALIAS_IS_GUEST',
  'ALIAS_TAKEN',
  'ADDRESS_TAKEN',
  'ACCOUNT_OUTSIDE_ORGANIZATION',
  'ACCOUNT_UNKNOWN',
  'DIVISION_INVALID',
  'CREATE_UNCERTAIN',
  'WRITE_REJECTED',
  'WRITE_NOT_CONFIRMED',
  'DEPENDENCY_FAILED',
] as const

export const warningCodes = [
  'NO_IDENTIFIER',
  'KIND_MISMATCH',
  'CAN_STILL_LOG_IN',
  'IDENTIFIER_CONFLICT',
  'MAILBOX_CONFLICT',
  'ROW_CONFLICT',
  'ADDRESS_CONFLICT',
  'ADDRESS_REUSED',
  'ADDRESS_TAKEN',
  'ALIAS_TAKEN',
  'ALIAS_REFUSED',
  'ACCOUNT_AMBIGUOUS',
  'LINKED_ELSEWHERE',
  'SUSPENDED_BY_HAND',
  'UNLINKED_OUT_OF_SCOPE',
  'DELEGATES_DROPPED',
  'DELEGATES_UNKNOWN',
  'DELEGATE_LEFT_OUT',
  'DELEGATES_OFF',
  'SOURCE_FILTER_NESTED_ONLY',
  'SSO_KEY_WRITTEN',
  'TARGET_TOTAL_MISSING',
  'READINGS_REUSED',
  'FAILING_REPEATEDLY',
  'NO_RECENT_SUCCESS',
  'MAPPING_ROW_INVALID',
] as const

export type ErrorCode = (typeof errorCodes)[number]
export type WarningCode = (typeof warningCodes)[number]

/**
 * A failure with a stable code. The message says what failed, how much and what limit; it never holds a
 * token, a key or an upstream's body. Recognise it by `code`, never by class: bundlers rename classes.
 */
export class SyncError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SyncError'
    this.code = code
  }
}

/**
 * An upstream asks for a wait longer than a slice should hold. The slice ends and the run goes on after
 * `seconds` in a later invocation (it is not a failure).
 */
export class LongWait extends Error {
  readonly seconds: number
  readonly waitingFor: string

  constructor(seconds: number, waitingFor: string) {
    super(`waiting ${Math.ceil(seconds)} s for ${waitingFor}`)
    this.name = 'LongWait'
    this.seconds = seconds
    this.waitingFor = waitingFor
  }
}

/** True for a SyncError, also one that crossed a bundle's border. */
export function isSyncError(error: unknown): error is SyncError {
  return (
    error instanceof Error &&
    'code' in error &&
    (errorCodes as readonly unknown[]).includes(error.code)
  )
}

/** True for a LongWait, also one that crossed a bundle's border. */
export function isLongWait(error: unknown): error is LongWait {
  return error instanceof Error && error.name === 'LongWait'
}

/** What an administrator may read of any thrown value: its message, never a stack or a body. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
