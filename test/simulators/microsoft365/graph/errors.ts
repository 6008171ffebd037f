import { type Answer, jsonAnswer } from '../../shared/call.ts'
import type { FaultAction } from '../../shared/fault-rule.ts'

/** Ends a Graph request with an error answer. */
export class GraphFailure extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'GraphFailure'
    this.status = status
    this.code = code
  }
}

export const unauthenticated = () =>
  new GraphFailure(
    401,
    'InvalidAuthenticationToken',
    'Access token has expired or is not yet valid.',
  )

export const denied = () =>
  new GraphFailure(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  )

export const missing = (id: string) =>
  new GraphFailure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )

export const badRequest = (message: string) => new GraphFailure(400, 'Request_BadRequest', message)

export const unsupportedQuery = (message: string) =>
  new GraphFailure(400, 'Request_UnsupportedQuery', message)

/** The error body of reference 5.7. */
function graphErrorBody(code: string, message: string, requestId: string, status?: number) {
  const innerError = {
    date: '2026-11-23T01:00:00',
    'request-id': requestId,
    'client-request-id': requestId,
    ...(status === undefined ? {} : { code: String(status), status: String(status) }),
  }
  return { error: { code, message, innerError } }
}

export function graphErrorAnswer(failure: GraphFailure, requestId: string): Answer {
  return jsonAnswer(failure.status, graphErrorBody(failure.code, failure.message, requestId))
}

const noRequest = '00000000-0000-4000-8000-000000000000'

/** Graph's own troubles as fault actions, for rules of a test. */
export const graphFaults = {
  throttled: (retryAfter?: number): FaultAction => ({
    kind: 'answer',
    status: 429,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    body: graphErrorBody('TooManyRequests', 'Please retry again later.', noRequest, 429),
  }),
  unavailable: (status: 500 | 502 | 503 | 504 = 503): FaultAction => ({
    kind: 'answer',
    status,
    body: graphErrorBody('ServiceUnavailable', 'The service is unavailable.', noRequest),
  }),
  failure: ({ status, code, message }: GraphFailure): FaultAction => ({
    kind: 'answer',
    status,
    body: graphErrorBody(code, message, noRequest),
  }),
} as const
