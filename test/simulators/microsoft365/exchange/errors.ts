import { type Answer, jsonAnswer, textAnswer } from '../../shared/call.ts'
import type { FaultAction } from '../../shared/fault-rule.ts'
import type { ExchangeSettings } from '../settings.ts'

/** What went wrong in a cmdlet, as the error envelope of reference 3.9 tells it. */
export interface CmdletError {
  readonly status: number
  /** .NET type name. */
  readonly type: string
  readonly message: string
  /** `Ex6F9304` and the like; empty in some errors. */
  readonly tag?: string
}

/** Ends a cmdlet with an error answer. */
export class CmdletFailure extends Error {
  readonly error: CmdletError

  constructor(error: CmdletError) {
    super(error.message)
    this.name = 'CmdletFailure'
    this.error = error
  }
}

const domainController = 'AM0PR01A00DC001.EURPR01A001.PROD.OUTLOOK.COM'

export function notFound(identity: string, status = 404): CmdletError {
  return {
    status,
    tag: 'Ex6F9304',
    type: 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
    message: `The operation couldn't be performed because object '${identity}' couldn't be found on '${domainController}'.`,
  }
}

export function ambiguous(identity: string, status = 400): CmdletError {
  return {
    status,
    tag: 'Ex9E65A2',
    type: 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException',
    message: `The operation couldn't be performed because '${identity}' matches multiple entries.`,
  }
}

export function unknownParameter(name: string): CmdletError {
  return {
    status: 400,
    type: 'Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException',
    message: `Parameter set cannot be resolved using the specified named parameters. Invalid cmdlet parameters specified. ${name}`,
  }
}

export function badValue(name: string, value: string | null): CmdletError {
  return {
    status: 400,
    type: 'Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException',
    message: `Cannot process argument transformation on parameter '${name}'. Cannot convert value "${value ?? ''}".`,
  }
}

/** A mandatory parameter or part of the body is missing: a text that says nothing (reference 4.1). */
export const invalidOperation: CmdletError = {
  status: 400,
  type: 'System.InvalidOperationException',
  message: 'Invalid Operation',
}

export const deadCursor: CmdletError = {
  status: 400,
  type: 'System.Exception',
  message: 'Expired or Invalid pagination request. Default Expiry time is 00:30:00',
}

/** Trouble that passes, in a status that does not say so. */
export function transient(
  status = 500,
  type:
    | 'ServerBusyException'
    | 'TransientException'
    | 'BackendCommunicationException'
    | 'CmdletProxyNotAvailableFailure' = 'ServerBusyException',
): CmdletError {
  return {
    status,
    tag: 'ExA1B2C3',
    type: `Microsoft.Exchange.Data.Directory.${type}`,
    message: 'The server is busy.',
  }
}

/** The error envelope as an answer; its parts may be absent or of another form by setting. */
export function errorAnswer(
  error: CmdletError,
  shape: ExchangeSettings['errorShape'] = 'full',
): Answer {
  const outer = error.status === 400 ? 'Invalid Operation' : 'Error executing cmdlet'
  const piped = `${error.tag ?? ''}|${error.type}|${error.message}`
  const asJson = JSON.stringify({ Message: error.message, TypeName: error.type, InnerError: null })
  const detail = {
    code: error.status === 400 ? 'Client' : 'Context',
    target: '',
    message: shape === 'json_details' ? asJson : piped,
  }
  const innererror = {
    message: outer,
    type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
    stacktrace: '',
    internalexception: { message: error.message, type: error.type, stacktrace: '' },
  }
  const envelope = {
    code: errorCodes[error.status] ?? 'InternalServerError',
    message: outer,
    ...(shape === 'no_details' ? {} : { details: [detail] }),
    ...(shape === 'no_innererror' ? {} : { innererror }),
    'adminapi.warnings@odata.type': '#Collection(String)',
    '@adminapi.warnings': [],
  }
  const headers = { 'x-exceptiontype': error.type.split('.').at(-1) ?? '' }
  return jsonAnswer(error.status, { error: envelope }, headers)
}

const errorCodes: Readonly<Record<number, string>> = { 400: 'BadRequest', 404: 'NotFound' }

/** No token, a wrong one, or no app role. */
export function unauthorizedAnswer(
  cmdlet: string,
  body: ExchangeSettings['unauthorizedBody'],
): Answer {
  const headers = { 'www-authenticate': 'Bearer' }
  if (body === 'empty') return { status: 401, headers }
  const message = `User is not allowed to call ${cmdlet}`
  const innererror = { message, type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException' }
  return jsonAnswer(401, { error: { code: 'Unauthorized', message, innererror } }, headers)
}

/** No directory role, or a cmdlet that the role does not hold: 4096 NUL bytes, which may claim to be gzip. */
export function forbiddenAnswer(body: ExchangeSettings['forbiddenBody']): Answer {
  const encoding = body === 'gzip' ? { 'content-encoding': 'gzip' } : {}
  return {
    status: 403,
    headers: { 'content-type': 'application/json', ...encoding },
    body: '\0'.repeat(4096),
  }
}

/** The tenant has too many cmdlets running: plain text, in a status that no source states (reference 3.9). */
export function concurrencyAnswer(status: number): Answer {
  return textAnswer(
    status,
    'You have reached the maximum number of concurrent requests per tenant. Please wait and try again.',
  )
}

/** Exchange's own troubles as fault actions, for rules of a test. */
export const exchangeFaults = {
  error: (error: CmdletError, shape?: ExchangeSettings['errorShape']): FaultAction =>
    asFault(errorAnswer(error, shape)),
  unauthorized: (): FaultAction => asFault(unauthorizedAnswer('Get-Mailbox', 'json')),
  forbidden: (body: ExchangeSettings['forbiddenBody'] = 'plain'): FaultAction =>
    asFault(forbiddenAnswer(body)),
  concurrency: (status: 429 | 503 = 429): FaultAction => asFault(concurrencyAnswer(status)),
} as const

function asFault({ status, headers, body }: Answer): FaultAction {
  const texts = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])
  return { kind: 'answer', status, headers: Object.fromEntries(texts), body: String(body ?? '') }
}
