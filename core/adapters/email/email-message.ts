/** A report as Azure Communication Services takes it: pure. */
import type { EmailMessage } from '@azure/communication-email'
import type { Attachment, Mail } from '../../ports.ts'

/** A request holds 10 MB with its attachments (reference local-azure 4); some of it is JSON around them. */
const maxContentBytes = 9_500_000

export interface Envelope {
  readonly sender: string
  readonly recipients: readonly string[]
}

/** @returns the message, and the names of attachments that did not fit: a shorter mail is better than none */
export function toEmailMessage(
  mail: Mail,
  { sender, recipients }: Envelope,
): { readonly message: EmailMessage; readonly leftOut: readonly string[] } {
  let room = maxContentBytes - Buffer.byteLength(mail.text) - Buffer.byteLength(mail.html)
  const fits = ({ content }: Attachment) => {
    const bytes = base64Bytes(content)
    if (bytes > room) return false
    room -= bytes
    return true
  }
  const kept = new Set(mail.attachments.filter(fits))
  return {
    message: {
      senderAddress: sender,
      recipients: { to: recipients.map((address) => ({ address })) },
      content: { subject: mail.subject, plainText: mail.text, html: mail.html },
      attachments: mail.attachments
        .filter((attachment) => kept.has(attachment))
        .map(({ name, contentType, content }) => ({
          name,
          contentType,
          contentInBase64: Buffer.from(content).toString('base64'),
        })),
      disableUserEngagementTracking: true,
    },
    leftOut: mail.attachments.filter((attachment) => !kept.has(attachment)).map(({ name }) => name),
  }
}

function base64Bytes(content: Uint8Array): number {
  return 4 * Math.ceil(content.byteLength / 3)
}
