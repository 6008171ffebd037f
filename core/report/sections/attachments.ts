import type { AttachedFile } from '../attachments.ts'
import type { ReportContext } from '../context.ts'
import type { Section } from '../document.ts'

/** What is attached, and what had to be cut. */
export function attachmentsSection(
  context: ReportContext,
  files: readonly AttachedFile[],
): Section[] {
  const items = files.map((file) => fileLine(file, context))
  const { heading } = context.messages.attachments
  return [{ heading, tone: 'plain', blocks: [{ type: 'bullets', items }] }]
}

function fileLine(
  { attachment, about, kept, total }: AttachedFile,
  { messages, formats }: ReportContext,
): string {
  const { attachments } = messages
  const size = formats.bytes(attachment.content.byteLength)
  const line = `\`${attachment.name}\` (${size}): ${attachments[about]}`
  if (kept === total) return line
  const cut =
    about === 'debug'
      ? attachments.cutLog(formats.bytes(kept), formats.bytes(total))
      : attachments.cutRows(kept, total)
  return `${line}; ${cut}`
}
