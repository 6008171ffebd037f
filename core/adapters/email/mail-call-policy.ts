/** Shows the mail service's calls to the observer, and ends a send that is told to wait longer than it may take. */
import type { EmailClientOptions } from '@azure/communication-email'
import type { Clock } from '../../ports.ts'
import type { CallObserver } from '../http/call-observer.ts'
import { retryAfterSeconds } from '../http/retry-timing.ts'

type AdditionalPolicy = NonNullable<EmailClientOptions['additionalPolicies']>[number]
type Policy = AdditionalPolicy['policy']
type SendRequest = Parameters<Policy['sendRequest']>[1]
type PipelineRequest = Parameters<SendRequest>[0]
type PipelineResponse = Awaited<ReturnType<SendRequest>>

export interface MailCallPolicyOptions {
  readonly clock: Clock
  readonly observer: CallObserver
  /** Monotonic moment at which the send must have ended. */
  readonly deadline: number
}

/** The policy for one send, to be placed inside the SDK's retries (`perRetry`). */
export function mailCallPolicy({ clock, observer, deadline }: MailCallPolicyOptions): Policy {
  const attempts = new Map<string, number>()
  return {
    name: 'mailCallPolicy',
    async sendRequest(request, next) {
      const attempt = (attempts.get(request.requestId) ?? 0) + 1
      attempts.set(request.requestId, attempt)
      const started = clock.monotonic()
      const observe = (response: PipelineResponse | null) =>
        observer.onCall({
          upstream: 'mail',
          operation: operationOf(request),
          status: response?.status ?? null,
          durationMs: clock.monotonic() - started,
          requestId: response?.headers.get('x-ms-request-id') ?? request.requestId,
          attempt,
        })
      const response = await next(request).catch((error: unknown) => {
        observe(null)
        throw error
      })
      observe(response)
      if (response.status === 429 || response.status === 503) waitFor(response)
      return response
    },
  }

  // The SDK obeys Retry-After by itself, however long; a report is not worth more than its deadline.
  function waitFor(response: PipelineResponse): void {
    const seconds = retryAfterSeconds(response.headers.get('retry-after') ?? null, clock.now())
    if (seconds === null) return
    if (clock.monotonic() + seconds * 1_000 > deadline) {
      throw new Error(
        `the mail service answered ${response.status} and asks to wait ${Math.ceil(seconds)} s, which is longer than a report waits`,
      )
    }
    observer.onWait({ upstream: 'mail', seconds, reason: "the mail service's rate limit" })
  }
}

function operationOf({ method, url }: PipelineRequest): string {
  return method === 'POST'
    ? 'POST /emails:send'
    : `${method} ${new URL(url).pathname.replace(/[^/]+$/, '{id}')}`
}
