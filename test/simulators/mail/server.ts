import { type SimulatorServer, startServer } from '../shared/server.ts'
import { EmailApi } from './email-api.ts'
import { type MailOptions, withOptions } from './options.ts'
import type { DuplicateSend, OutboxMail } from './outbox.ts'
import { outboxPage } from './outbox-pages.ts'

/** How a simulated mail service begins. The other options may be changed later by `setOptions`. */
export interface MailSetup extends Partial<MailOptions> {
  readonly port?: number
  /** Milliseconds that every call takes. */
  readonly latencyMs?: number
}

/** A running simulated mail service: the API of Azure Communication Services below `/emails`, pages at `/outbox`. */
export interface MailService extends SimulatorServer {
  /** For `EmailClient`, with `allowInsecureConnection: true`. */
  readonly connectionString: string
  /** Every mail that was accepted, in order; one that failed in the end has an `error`. */
  outbox(): readonly OutboxMail[]
  /** Sends that repeated an operation id and made no second mail. */
  duplicates(): readonly DuplicateSend[]
  setOptions(options: Partial<MailOptions>): void
  clearOutbox(): void
}

/** Starts a simulated mail service on loopback. @throws ZodError for an option that does not exist */
export async function startMail(setup: MailSetup = {}): Promise<MailService> {
  const { port = 0, latencyMs = 0, ...given } = setup
  const options = withOptions(given)
  const api = new EmailApi(options)
  const server = await startServer({
    port,
    describe: (call) => api.describe(call),
    handle: (call) =>
      call.path.startsWith('/emails') ? api.handle(call) : outboxPage(call, api.outbox),
    actions: {
      set_options: ({ options }) => api.setOptions(options),
      clear: () => api.outbox.clear(),
    },
    snapshot: () => ({ mails: api.outbox.mails.map(asJson), duplicates: api.outbox.duplicates }),
  })
  if (latencyMs > 0) server.latency.set(latencyMs)
  return {
    ...server,
    connectionString: `endpoint=${server.url}/;accesskey=${options.accessKey}`,
    outbox: () => api.outbox.mails,
    duplicates: () => api.outbox.duplicates,
    setOptions: (changed) => api.setOptions(changed),
    clearOutbox: () => api.outbox.clear(),
  }
}

function asJson(mail: OutboxMail): object {
  const attachments = mail.attachments.map(({ name, contentType, content }) => ({
    name,
    contentType,
    contentInBase64: Buffer.from(content).toString('base64'),
  }))
  return { ...mail, attachments }
}
