import type { ReportInput } from './input.ts'

/** The report of a run as one self-contained page: nothing is fetched, nothing runs. Pure. */
export function renderReportPage({ run, changes, language, environment }: ReportInput): string {
  const title = escapeHtml(`Cloud Sync ${environment}: ${run.mode}, ${run.status}`)
  const rows = changes.map(
    ({ action, address, reason, status, error }) =>
      `<tr>${[action, address, reason, status, error?.message ?? ''].map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
  )
  const notes = [run.error?.message, ...run.warnings.map(({ message }) => message)]
    .filter((note) => note !== undefined)
    .map((note) => `<li>${escapeHtml(note)}</li>`)
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1><ul>${notes.join('')}</ul><table>${rows.join('\n')}</table></body></html>
`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
