import { randomUUID } from 'node:crypto'
import { type Answer, type Call, jsonAnswer, type Tags } from '../shared/call.ts'
import { signatureFault } from './hmac.ts'
import { parseMessage } from './message.ts'
import { type MailOptions, withOptions } from './options.ts'
import { Outbox, type OutboxMail } from './outbox.ts'

/** 10 MB for the whole request, attachments in base64 included. */
const maxRequestBytes = 10 * 1024 * 1024
const operationPath = /^\/emails\/operations\/([^/]+)$/

/** The email part of Azure Communication Services: send, and poll the operation (reference local-azure, 4). */
export class EmailApi {
  readonly outbox = new Outbox()
  readonly #polls = new Map<string, number>()
  #options: MailOptions

  constructor(options: MailOptions) {
    this.#options = options
  }

  /** Changes options while the server runs. @throws ZodError */
  setOptions(given: unknown): void {
    this.#options = withOptions(given, this.#options)
  }

  /** Names of a call, for the request log and for rules. */
  describe(call: Call): Tags {
    if (call.path === '/emails:send') {
      const id = call.headers['operation-id']
      return { operation: 'send', ...(id !== undefined && { operationId: String(id) }) }
    }
    const id = operationPath.exec(call.path)?.[1]
    return id === undefined ? { operation: 'other' } : { operation: 'poll', operationId: id }
  }

  /** Works on a call below `/emails`. */
  handle(call: Call): Answer {
    const fault = signatureFault(call, this.#options.accessKey, new Date())
    // Only the code says this much on the real service; the reason helps whoever reads a failing test.
    if (fault !== null)
      return errorAnswer(401, 'Denied', `Denied by the resource provider: ${fault}`)
    if (!call.query.get('api-version')) {
      return errorAnswer(
        400,
        'MissingApiVersionParameter',
        'The api-version parameter is required.',
      )
    }
    if (call.method === 'POST' && call.path === '/emails:send') return this.#send(call)
    const id = operationPath.exec(call.path)?.[1]
    const mail = id === undefined ? undefined : this.outbox.find(id)
    if (call.method !== 'GET' || mail === undefined) {
      return errorAnswer(404, 'NotFound', `There is nothing at ${call.method} ${call.path}`)
    }
    return this.#poll(mail)
  }

  #send(call: Call): Answer {
    const operationId = String(call.headers['operation-id'] ?? randomUUID())
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(operationId)) {
      return errorAnswer(400, 'BadRequest', 'Operation-Id must be a GUID.')
    }
    if (Buffer.byteLength(call.rawBody) > maxRequestBytes) {
      return errorAnswer(413, 'RequestEntityTooLarge', 'The request is larger than 10 MB.')
    }
    const message = parseMessage(call.body)
    if ('refused' in message) {
      const text = `Request body validation error. See property '${message.refused}'`
      return errorAnswer(400, 'BadRequest', text)
    }
    if (!this.#isLinked(message.senderAddress)) {
      return errorAnswer(404, 'DomainNotLinked', 'The specified sender domain has not been linked.')
    }
    return this.#accepted(
      call,
      this.outbox.accept(operationId, message, call.rawBody, this.#options.failWith),
    )
  }

  #accepted(call: Call, { operationId: id }: OutboxMail): Answer {
    const location = `${call.origin}/emails/operations/${id}?${call.query.toString()}`
    const headers = { 'operation-location': location, ...this.#retryAfter() }
    return jsonAnswer(202, { id, status: 'Running', error: null }, headers)
  }

  #poll({ operationId: id, error }: OutboxMail): Answer {
    const polls = (this.#polls.get(id) ?? 0) + 1
    this.#polls.set(id, polls)
    if (polls <= this.#options.runningPolls) {
      return jsonAnswer(200, { id, status: 'Running', error: null }, this.#retryAfter())
    }
    return jsonAnswer(200, { id, status: error === null ? 'Succeeded' : 'Failed', error })
  }

  #isLinked(sender: string): boolean {
    const { senderDomains } = this.#options
    const domain = sender.slice(sender.lastIndexOf('@') + 1).toLowerCase()
    return senderDomains === null || senderDomains.includes(domain)
  }

  #retryAfter(): Record<string, string> {
    const { retryAfterSeconds } = this.#options
    return retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }
  }
}

function errorAnswer(status: number, code: string, message: string): Answer {
  return jsonAnswer(status, { error: { code, message } }, { 'x-ms-error-code': code })
}
