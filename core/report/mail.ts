import type { Mail } from '../ports.ts'
import { type AttachedFile, attachmentsOf } from './attachments.ts'
import { composeDocument } from './compose.ts'
import { contextOf, type Limits } from './context.ts'
import type { ReportInput } from './input.ts'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'
import { attachmentsSection } from './sections/attachments.ts'
import { subjectOf } from './subject.ts'

export type { ReportInput } from './input.ts'

/** Mail programs cut a longer HTML off; what stands behind the cut is not read. */
const htmlBytes = 100_000

/** From the mail an administrator wants to the shortest one that is still complete in its outcome and its steps. */
const limitSteps: readonly Limits[] = [
  { changes: 50, lines: 8, characters: 80 },
  { changes: 25, lines: 5, characters: 60 },
  { changes: 10, lines: 3, characters: 40 },
]
const shortest: Limits = { changes: 0, lines: 1, characters: 24 }

/** The mail about a run: subject, text, HTML and attachments. Pure: the same input gives the same mail. */
export function buildMail(input: ReportInput): Mail {
  const files = attachmentsOf(input)
  const attachments = files.map(({ attachment }) => attachment)
  for (const limits of limitSteps) {
    const mail = draft(input, files, limits)
    if (Buffer.byteLength(mail.html) < htmlBytes) return { ...mail, attachments }
  }
  return { ...draft(input, files, shortest), attachments }
}

function draft(
  input: ReportInput,
  files: readonly AttachedFile[],
  limits: Limits,
): Omit<Mail, 'attachments'> {
  const context = contextOf(input, limits)
  const subject = subjectOf(context)
  const document = composeDocument(context, attachmentsSection(context, files))
  const html = renderHtml(document, input.language, subject)
  return { subject, text: renderText(document), html }
}
