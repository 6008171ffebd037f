/**
 * The attachments: kinds that Communication Services accepts (`.html` and `.log` are not among them), together at most
 * 7 MB, because a mail holds 10 MB and Base64 takes a third more. What is too large is compressed first, then cut.
 */
import { crc32, deflateRawSync } from 'node:zlib'
import { gzipSync, strToU8, Zip, type ZipInputFile } from 'fflate'
import { changesToCsv, csvHeader } from '../api/csv.ts'
import type { JournalChange } from '../model/change.ts'
import type { Attachment } from '../ports.ts'
import { spelledOut } from './display.ts'
import type { ReportInput } from './input.ts'
import { renderReportPage } from './report-page.ts'

/** What was attached, and what is missing from it. */
export interface AttachedFile {
  readonly attachment: Attachment
  readonly about: 'changes' | 'report' | 'debug'
  /** How much of it is in the file: changes, or bytes of the log. */
  readonly kept: number
  readonly total: number
}

/** Bytes that each file may take; their sum is the 7 MB. */
const attachmentBudget = { changes: 3_000_000, report: 2_600_000, debug: 1_400_000 } as const

export function attachmentsOf(input: ReportInput): AttachedFile[] {
  return [
    ...(input.changes.length === 0 ? [] : [attachChanges(input)]),
    attachReport(input),
    ...(input.debugLog === null ? [] : [attachLog(input.debugLog, input.now)]),
  ]
}

function attachChanges({ changes, now }: ReportInput): AttachedFile {
  const total = changes.length
  const whole = csvOf(changes)
  if (whole.byteLength <= attachmentBudget.changes) {
    const attachment = { name: 'changes.csv', contentType: 'text/csv', content: whole }
    return { attachment, about: 'changes', kept: total, total }
  }
  const { content, kept } = fit(total, attachmentBudget.changes, (count) =>
    zip('changes.csv', count === total ? whole : csvOf(changes.slice(0, count)), now),
  )
  const attachment = { name: 'changes.zip', contentType: 'application/zip', content }
  return { attachment, about: 'changes', kept, total }
}

// Excel takes a file with a byte order mark for UTF-8, and with Dutch settings a semicolon for the border of a cell.
function csvOf(changes: readonly JournalChange[]): Uint8Array {
  return strToU8(`\ufeff${csvHeader(';')}${spelledOut(changesToCsv(changes, ';'))}`)
}

function attachReport(input: ReportInput): AttachedFile {
  const total = input.changes.length
  const { content, kept } = fit(total, attachmentBudget.report, (count) =>
    zip('report.html', strToU8(renderReportPage(input, count)), input.now),
  )
  const attachment = { name: 'report.zip', contentType: 'application/zip', content }
  return { attachment, about: 'report', kept, total }
}

/** Plain up to this size: a telephone opens it. */
const plainLogBytes = 500_000

function attachLog(log: string, now: Date): AttachedFile {
  const whole = strToU8(log)
  const total = whole.byteLength
  if (total <= plainLogBytes) {
    const attachment = { name: 'debug.txt', contentType: 'text/plain', content: whole }
    return { attachment, about: 'debug', kept: total, total }
  }
  // The end of a log tells why a run failed.
  const { content, kept } = fit(total, attachmentBudget.debug, (bytes) =>
    gzipSync(endOf(whole, bytes), { mtime: now, filename: 'debug.txt' }),
  )
  const attachment = { name: 'debug.txt.gz', contentType: 'application/gzip', content }
  return { attachment, about: 'debug', kept, total }
}

/** Whole lines from the end of a text. */
function endOf(text: Uint8Array, bytes: number): Uint8Array {
  if (bytes >= text.byteLength) return text
  const end = text.subarray(text.byteLength - bytes)
  const newline = 10
  return end.subarray(end.indexOf(newline) + 1)
}

// Node's own compression takes a sixth of the time; the archive around it is fflate's.
function zip(filename: string, content: Uint8Array, mtime: Date): Uint8Array {
  const parts: Uint8Array[] = []
  const archive = new Zip((error, part) => {
    if (error !== null) throw error
    parts.push(part)
  })
  const deflate = 8
  const [size, crc] = [content.byteLength, crc32(content)]
  const file: ZipInputFile = { filename, size, crc, compression: deflate, mtime }
  archive.add(file)
  file.ondata?.(null, deflateRawSync(content), true)
  archive.end()
  return Buffer.concat(parts)
}

/** Makes a file of as many items as fit: all, or so many fewer as it was too large, until it fits. */
function fit(
  total: number,
  budget: number,
  make: (count: number) => Uint8Array,
): { readonly content: Uint8Array; readonly kept: number } {
  let kept = total
  let content = make(kept)
  while (content.byteLength > budget && kept > 0) {
    kept = Math.floor(kept * Math.min(0.9, (0.95 * budget) / content.byteLength))
    content = make(kept)
  }
  return { content, kept }
}
