/** Reports by Azure Communication Services Email (reference local-azure 4). */
import { EmailClient, type EmailClientOptions } from '@azure/communication-email'
import type { TokenCredential } from '@azure/identity'
import { isLoopback } from '../../config/loopback.ts'
import { messageOf } from '../../errors.ts'
import type { Clock, Mail, ReportSender } from '../../ports.ts'
import type { CallObserver } from '../http/call-observer.ts'
import { toEmailMessage } from './email-message.ts'
import { mailCallPolicy } from './mail-call-policy.ts'

/** Sending and asking how it went, all repeats included. */
const sendTimeoutMs = 60_000

export interface ReportSenderOptions {
  /** `endpoint=…;accesskey=…`; goes before `endpoint`. */
  readonly connectionString?: string
  /** With `credential`: by managed identity. Neither = no mail. */
  readonly endpoint?: string
  readonly credential?: TokenCredential
  readonly sender: string
  readonly recipients: readonly string[]
  readonly clock: Clock
  readonly observer: CallObserver
  /** Milliseconds that a send may take; 60 s unless given. */
  readonly timeoutMs?: number
}

type SendOutcome = Awaited<ReturnType<ReportSender['send']>>

/** A sender that never throws: a mail that cannot be sent must not fail a run. */
export function createReportSender(options: ReportSenderOptions): ReportSender {
  return {
    async send(mail, operationId) {
      const skipped = reasonToSkip(options)
      if (skipped !== null) return { email: 'skipped', message: skipped }
      try {
        return await sendWithin(options, mail, operationId)
      } catch (error) {
        return { email: 'failed', message: safeMessage(error, options) }
      }
    },
  }
}

function reasonToSkip(options: ReportSenderOptions): string | null {
  if (!options.connectionString && !options.endpoint) return 'no mail service is configured'
  return options.recipients.length === 0 ? 'CLOUD_SYNC__EMAIL_RECIPIENTS is empty' : null
}

async function sendWithin(
  options: ReportSenderOptions,
  mail: Mail,
  operationId: string,
): Promise<SendOutcome> {
  const { clock, timeoutMs = sendTimeoutMs } = options
  if (options.sender === '') throw new Error('CLOUD_SYNC__EMAIL_SENDER is empty')
  const { message, leftOut } = toEmailMessage(mail, options)
  const client = openClient(options, clock.monotonic() + timeoutMs)
  await withDeadline(clock, timeoutMs, async (abortSignal) => {
    // The same id again is the same mail: a report that is sent again after a crash arrives once.
    const poller = await client.beginSend(message, { operationId, abortSignal })
    await poller.pollUntilDone({ abortSignal })
  })
  return leftOut.length === 0
    ? { email: 'sent' }
    : { email: 'sent', message: `left out, for a mail holds 10 MB: ${leftOut.join(', ')}` }
}

function openClient(options: ReportSenderOptions, deadline: number): EmailClient {
  const { connectionString, endpoint, credential } = options
  const address = connectionString ? /endpoint=([^;]*)/i.exec(connectionString)?.[1] : endpoint
  const clientOptions: EmailClientOptions = {
    allowInsecureConnection: isLoopback(URL.parse(address ?? '')?.hostname ?? ''),
    retryOptions: { maxRetries: 4 },
    additionalPolicies: [
      { policy: mailCallPolicy({ ...options, deadline }), position: 'perRetry' },
    ],
  }
  if (connectionString) return new EmailClient(connectionString, clientOptions)
  if (endpoint && credential) return new EmailClient(endpoint, credential, clientOptions)
  throw new Error('CLOUD_SYNC__EMAIL_ENDPOINT needs a managed identity, and there is none')
}

async function withDeadline(
  clock: Clock,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const deadline = new AbortController()
  const finished = new AbortController()
  const expiry = clock.sleep(timeoutMs, finished.signal).then(() => {
    deadline.abort()
    throw new Error(`the mail service gave no final answer within ${timeoutMs / 1_000} s`)
  })
  try {
    await Promise.race([work(deadline.signal), expiry])
  } finally {
    finished.abort()
  }
}

/** What went wrong as one bounded line; the SDK names the connection string in its complaint about it. */
function safeMessage(error: unknown, { connectionString }: ReportSenderOptions): string {
  const accessKey = connectionString?.match(/accesskey=(.*)/i)?.[1]
  let message = statusPrefix(error) + messageOf(error)
  for (const secret of [connectionString, accessKey]) {
    if (secret) message = message.replaceAll(secret, '***')
  }
  return message
    .replace(/(accesskey|signature)=[^\s;&"]+/gi, '$1=***')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
}

// The SDK's RestError carries the status, its text does not.
function statusPrefix(error: unknown): string {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' ? `the mail service answered ${status}: ` : ''
}
