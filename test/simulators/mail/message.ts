import * as z from 'zod'
import { refusedProperty } from './attachment-types.ts'

const recipient = z.looseObject({
  address: z.string().regex(/^[^@\s]+@[^@\s]+$/),
  displayName: z.string().optional(),
})
const recipientList = z.array(recipient).optional()

const attachment = z
  .looseObject({ name: z.string(), contentType: z.string(), contentInBase64: z.base64().min(1) })
  .superRefine(({ name, contentType }, context) => {
    const property = refusedProperty(name, contentType)
    if (property !== null) {
      context.addIssue({ code: 'custom', path: [property], message: 'not accepted' })
    }
  })

/** The body of `POST /emails:send`, as far as it is checked. */
const messageSchema = z.object({
  senderAddress: z.string().regex(/^[^@\s]+@[^@\s]+$/),
  content: z
    .looseObject({
      subject: z.string(),
      plainText: z.string().optional(),
      html: z.string().optional(),
    })
    .refine(({ plainText, html }) => Boolean(plainText) || Boolean(html), 'needs a text or html'),
  recipients: z
    .looseObject({ to: recipientList, cc: recipientList, bcc: recipientList })
    .refine(({ to = [], cc = [], bcc = [] }) => {
      const count = to.length + cc.length + bcc.length
      return count >= 1 && count <= 50
    }, 'needs 1 to 50 addresses'),
  replyTo: recipientList,
  headers: z.record(z.string(), z.string()).optional(),
  attachments: z.array(attachment).optional(),
})

export type Message = z.output<typeof messageSchema>

/** @returns the message, or the path of the first property that is refused (`attachments[0].contentType`) */
export function parseMessage(body: unknown): Message | { readonly refused: string } {
  const result = messageSchema.safeParse(body)
  if (result.success) return result.data
  const path = result.error.issues[0]?.path ?? []
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
  return { refused: steps.join('').replace(/^\./, '') }
}
