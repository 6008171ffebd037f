import { gunzipSync, strFromU8, unzipSync } from 'fflate'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { buildMail, type ReportInput } from '../../core/report/mail.ts'
import { renderReportPage } from '../../core/report/report-page.ts'
import { refusedProperty } from '../simulators/mail/attachment-types.ts'
import { outcomes } from './outcomes.ts'
import { attachmentNamed, textOf } from './parts.ts'
import { aChange, anInput, aRun, changes } from './sample.ts'

function bytesOf(mail: ReturnType<typeof buildMail>): number {
  return mail.attachments.reduce((sum, { content }) => sum + content.byteLength, 0)
}

/** Text that hardly compresses, the same in every run. */
function noise(length: number): string {
  let state = 7
  const parts: string[] = []
  while (parts.length * 6 < length) {
    state = (state * 48_271) % 2_147_483_647
    parts.push(state.toString(36).padStart(6, '0').slice(0, 6))
  }
  return parts.join('').slice(0, length)
}

describe('the attachments', () => {
  test.each(Object.keys(outcomes))('of "%s" are of kinds that the mail service takes', (name) => {
    const input = outcomes[name]?.() ?? anInput()
    const { attachments } = buildMail({ ...input, debugLog: 'INFO run started' })
    const refused = attachments.map((file) => refusedProperty(file.name, file.contentType))
    expect(refused.filter((property) => property !== null)).toEqual([])
    expect(attachments.map((file) => file.name)).toContain('report.zip')
  })

  test('changes.csv opens right in Excel with Dutch settings: mark, semicolons, CRLF, one line for each change', () => {
    const input = outcomes['success']?.() ?? anInput()
    const csv = textOf(attachmentNamed(buildMail(input).attachments, 'changes.csv'))
    expect(csv.startsWith('\ufeffsequence;action;kind;address;')).toBe(true)
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    const { data } = Papa.parse<Record<string, string>>(csv.slice(1), {
      header: true,
      delimiter: ';',
      skipEmptyLines: true,
    })
    expect(data).toHaveLength(input.changes.length)
    expect(data[3]).toMatchObject({ action: 'update', 'name.formatted after': 'Esra Kaya' })
  })

  test('report.zip holds the report page', () => {
    const input = outcomes['success']?.() ?? anInput()
    const { content } = attachmentNamed(buildMail(input).attachments, 'report.zip')
    const files = unzipSync(content)
    expect(Object.keys(files)).toEqual(['report.html'])
    expect(strFromU8(files['report.html'] ?? new Uint8Array())).toBe(renderReportPage(input))
  })

  test('nothing is attached as changes when there are none', () => {
    const names = buildMail(anInput()).attachments.map(({ name }) => name)
    expect(names).toEqual(['report.zip'])
  })

  test('the log comes as text while it is short, compressed when it is long, cut to its end when it is endless', () => {
    const withLog = (debugLog: string) => buildMail(anInput({ debugLog }))
    expect(textOf(attachmentNamed(withLog('a\nb').attachments, 'debug.txt'))).toBe('a\nb')

    const long = 'DEBUG GET /Users 200\n'.repeat(100_000)
    const packed = attachmentNamed(withLog(long).attachments, 'debug.txt.gz')
    expect(strFromU8(gunzipSync(packed.content))).toBe(long)

    const endless = `${noise(6_000_000).replace(/.{60}/g, '$&\n')}the end\n`
    const mail = withLog(endless)
    const kept = strFromU8(gunzipSync(attachmentNamed(mail.attachments, 'debug.txt.gz').content))
    expect(endless.endsWith(`\n${kept}`)).toBe(true)
    expect(kept.length).toBeGreaterThan(1_000_000)
    expect(mail.text).toMatch(/debug\.txt\.gz.*only the last [\d.]+ MB of 6\.1 MB/)
  })
})

describe('a run that is too large for a mail', () => {
  const text = noise(2_000_000)
  const plan = changes(1, 40_000).map((change, index) =>
    aChange(change.sequence, {
      displayName: text.slice(index * 40, index * 40 + 40),
      fields: [
        { path: 'name.formatted', before: null, after: text.slice(index * 45, index * 45 + 160) },
      ],
    }),
  )
  const input: ReportInput = anInput({ changes: plan, run: aRun({}, plan), debugLog: text })
  const mail = buildMail(input)

  test('is compressed, then cut, and the mail says how much is left', () => {
    expect(bytesOf(mail)).toBeLessThanOrEqual(7_000_000)
    expect(mail.attachments.map(({ name }) => name)).toEqual([
      'changes.zip',
      'report.zip',
      'debug.txt.gz',
    ])
    const line = /report\.zip.*only the first ([\d,]+) of 40,000 changes/.exec(mail.text)?.[1] ?? ''
    const kept = Number(line.replaceAll(',', ''))
    expect(kept).toBeGreaterThan(1000)
    const page = unzipSync(attachmentNamed(mail.attachments, 'report.zip').content)['report.html']
    expect(strFromU8(page ?? new Uint8Array())).toContain(
      `only the first ${line} of 40,000 changes`,
    )
  })
})
