/** What Azure Storage's refusals mean to us; texts of answers never travel further than this file. */
import { isSyncError, SyncError } from '../../errors.ts'

interface StorageFault {
  /** HTTP status; `null` = no answer came. */
  readonly status: number | null
  /** The service's error code (`EntityAlreadyExists`, …), or the socket's (`ECONNREFUSED`); `''` when unknown. */
  readonly code: string
}

/** Status and code of an error that a storage client threw, a transaction's inner answer included. */
function faultOf(error: unknown): StorageFault {
  const fields = asRecord(error)
  const details = asRecord(fields['details'])
  const code = [asRecord(details['odataError'])['code'], details['errorCode'], fields['code']].find(
    (candidate) => typeof candidate === 'string',
  )
  const status = fields['statusCode']
  return {
    status: typeof status === 'number' ? status : null,
    code: typeof code === 'string' ? code : '',
  }
}

/** A condition of a write that did not hold; `null` for any other error. */
export function refusalOf(error: unknown): 'missing' | 'exists' | 'changed' | null {
  const { status, code } = faultOf(error)
  if (status === 412) return 'changed'
  if (status === 404 && !isMissingTable(error)) return 'missing'
  if (status === 409 && code === 'EntityAlreadyExists') return 'exists'
  return null
}

/** True when the table or queue itself is not there (any more), or is still being deleted. */
export function isMissingTable(error: unknown): boolean {
  return ['TableNotFound', 'QueueNotFound'].includes(faultOf(error).code) || isBeingDeleted(error)
}

/** A table or queue of this name was deleted a moment ago: Azure refuses a new one for 30 s or more. */
export function isBeingDeleted(error: unknown): boolean {
  return ['TableBeingDeleted', 'QueueBeingDeleted'].includes(faultOf(error).code)
}

/**
 * The error to throw once the client has given up.
 * @param place what was used, as an administrator knows it: `table CloudSyncRuns`
 */
export function storageFailure(place: string, error: unknown): SyncError {
  if (isSyncError(error)) return error
  const name = error instanceof Error ? error.name : ''
  if (name === 'CredentialUnavailableError' || name === 'AuthenticationError') {
    return new SyncError('IDENTITY_UNAVAILABLE', `no token for ${place}`, { cause: error })
  }
  const { status, code } = faultOf(error)
  const cause = { cause: error }
  if (status === null) {
    const message = `${place} gave no answer${code === '' ? '' : ` (${code})`}`
    return new SyncError('STORAGE_UNAVAILABLE', message, cause)
  }
  const answer = `${place} answered ${status}${code === '' ? '' : ` ${code}`}`
  if (status === 401 || status === 403) {
    const message = `${answer}: check the connection string, or the roles "Storage Table Data Contributor" and "Storage Queue Data Contributor" of the app's identity`
    return new SyncError('STORAGE_UNAVAILABLE', message, cause)
  }
  const isTemporary = status === 408 || status === 429 || status >= 500 || isMissingTable(error)
  return new SyncError(isTemporary ? 'STORAGE_UNAVAILABLE' : 'INTERNAL', answer, cause)
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
