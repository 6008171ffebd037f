import type { Mail } from '../ports.ts'
import type { ReportInput } from './input.ts'

export type { ReportInput } from './input.ts'

/** The mail about a run: subject, text, HTML and attachments. Pure: the same input gives the same mail. */
export function buildMail(input: ReportInput): Mail {
  const { run } = input
  const subject = `Cloud Sync ${input.environment}: ${run.status}`
  const text = `${subject}\n${run.error?.message ?? ''}\n`
  return { subject, text, html: `<pre>${escapeText(text)}</pre>`, attachments: [] }
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
