import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { isSyncError } from '../core/errors.ts'
import { problemAnswer } from './answers.ts'
import type { Invocation } from './invocation.ts'

export type Handler = (
  request: HttpRequest,
  invocation: Invocation,
) => Promise<HttpResponseInit> | HttpResponseInit

/**
 * A handler that never throws. What an administrator can mend (storage, its settings) is a 503 that says so; anything
 * else is a 500 without internals, and the log has the error.
 */
export function withErrors(
  handler: Handler,
): (request: HttpRequest, invocation: Invocation) => Promise<HttpResponseInit> {
  return async (request, invocation) => {
    try {
      return await handler(request, invocation)
    } catch (error) {
      invocation.logger.log('ERROR', 'the request ended in an error', { error })
      if (isSyncError(error) && error.code !== 'INTERNAL') {
        return problemAnswer(503, invocation.mask(error.message))
      }
      return problemAnswer(500, 'An unexpected error. The log of this invocation says more.')
    }
  }
}
