import type { Message } from './message.ts'

export interface OutboxAttachment {
  readonly name: string
  readonly contentType: string
  readonly content: Uint8Array
}

/** One mail that was accepted, counted once however often it was sent with the same operation id. */
export interface OutboxMail {
  /** 1 for the first mail. */
  readonly number: number
  readonly operationId: string
  /** ISO 8601 UTC. */
  readonly receivedAt: string
  /** Why sending failed in the end: the mail reached nobody; `null` = it was sent. */
  readonly error: { readonly code: string; readonly message: string } | null
  readonly from: string
  readonly to: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly replyTo: readonly string[]
  readonly subject: string
  /** `''` when the mail has none. */
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  readonly attachments: readonly OutboxAttachment[]
}

/** A send with an operation id that was used before: no second mail. */
export interface DuplicateSend {
  readonly operationId: string
  /** Number of the mail that the first one made. */
  readonly number: number
  /** Whether the bodies were byte for byte the same. */
  readonly isSameBody: boolean
}

/** Everything that was accepted, by order and by operation id (compared without case). */
export class Outbox {
  readonly #operations = new Map<string, { readonly mail: OutboxMail; readonly body: string }>()
  #duplicates: DuplicateSend[] = []

  get mails(): readonly OutboxMail[] {
    return [...this.#operations.values()].map(({ mail }) => mail)
  }

  get duplicates(): readonly DuplicateSend[] {
    return this.#duplicates
  }

  find(operationId: string): OutboxMail | undefined {
    return this.#operations.get(operationId.toLowerCase())?.mail
  }

  /** Takes a mail in, once per operation id. @param body as it was sent, to compare a second send with the first */
  accept(
    operationId: string,
    message: Message,
    body: string,
    error: OutboxMail['error'],
  ): OutboxMail {
    const known = this.#operations.get(operationId.toLowerCase())
    if (known !== undefined) {
      const { number } = known.mail
      this.#duplicates.push({ operationId, number, isSameBody: known.body === body })
      return known.mail
    }
    const mail = mailFrom(message, { number: this.#operations.size + 1, operationId, error })
    this.#operations.set(operationId.toLowerCase(), { mail, body })
    return mail
  }

  clear(): void {
    this.#operations.clear()
    this.#duplicates = []
  }
}

function mailFrom(
  { senderAddress, content, recipients, replyTo, headers, attachments = [] }: Message,
  known: Pick<OutboxMail, 'number' | 'operationId' | 'error'>,
): OutboxMail {
  return {
    ...known,
    receivedAt: new Date().toISOString(),
    from: senderAddress,
    to: addresses(recipients.to),
    cc: addresses(recipients.cc),
    bcc: addresses(recipients.bcc),
    replyTo: addresses(replyTo),
    subject: content.subject,
    text: content.plainText ?? '',
    html: content.html ?? '',
    headers: headers ?? {},
    attachments: attachments.map(({ name, contentType, contentInBase64 }) => ({
      name,
      contentType,
      content: Buffer.from(contentInBase64, 'base64'),
    })),
  }
}

function addresses(list: Message['replyTo'] = []): readonly string[] {
  return list.map(({ address }) => address)
}
