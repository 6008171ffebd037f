import * as fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { buildMail, type ReportInput } from '../../core/report/mail.ts'
import { renderReportPage } from '../../core/report/report-page.ts'
import { attachmentNamed, tagsOf, textOf } from './parts.ts'
import { aChange, anInput, aRun } from './sample.ts'

/** A run whose every text from outside is the given one. */
function runOf(text: string): ReportInput {
  const address = `${text}@fabrikam.example`
  const plan = [
    aChange(1, { displayName: text, address, status: 'applied' }),
    aChange(2, {
      action: 'update',
      address,
      reason: text,
      fields: [
        { path: 'name.formatted', before: text, after: `${text}2` },
        { path: 'aliases', before: [text], after: [address] },
      ],
    }),
    aChange(3, {
      action: 'suspend',
      identifier: null,
      displayName: text,
      address,
      status: 'failed',
      error: { code: 'WRITE_REJECTED', message: text },
    }),
  ]
  const run = aRun(
    {
      status: 'failed',
      error: { code: 'INTERNAL', message: text },
      warnings: [
        { code: 'CAN_STILL_LOG_IN', message: text, address },
        { code: 'ALIAS_TAKEN', message: text, address },
      ],
      mailbox_types: { [text]: 3 },
      out_of_scope: { [text]: 4 },
    },
    plan,
  )
  return anInput({ changes: plan, run })
}

const allowedTags = new Set(
  'html head meta title style body table tr td span h1 h2 p br b bdi a'.split(' '),
)
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

describe('names that somebody else chose', () => {
  test('never become a tag, an attribute or a line of the mail', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' style='background:url(x)",
        '</style><script>',
        '-->',
        '&lt;b&gt;',
        'a\n\nEVERYTHING IS FINE',
        '`code` **bold**',
      ),
    )
    const calm = tagsOf(buildMail(runOf('Calm')).html).length
    fc.assert(
      fc.property(names, (name) => {
        const { html, text, subject } = buildMail(runOf(name))
        const tags = tagsOf(html)
        expect(tags.filter((tag) => !allowedTags.has(tag.name))).toEqual([])
        expect(
          tags.flatMap((tag) => tag.attributes.filter((a) => /^on|^src$|^href$/.test(a))),
        ).toEqual(['href'])
        // Marks in our own sentences may differ by the words of a reason, never by more.
        expect(Math.abs(tags.length - calm)).toBeLessThan(40)
        expect(text).not.toContain('\nEVERYTHING')
        expect(subject).toBe('Cloud Sync fabrikam.example: FAILED: a fault in Cloud Sync')
      }),
      { numRuns: 40 },
    )
  })

  test('that turn the text around are spelled out, in HTML, text, CSV and report', () => {
    const input = runOf('exe.\u202eslx\u2066.tnetnoc')
    const { html, text, attachments } = buildMail(input)
    const csv = textOf(attachmentNamed(attachments, 'changes.csv'))
    for (const shown of [html, text, csv, renderReportPage(input)]) {
      expect(shown).not.toMatch(bidi)
      expect(shown).toContain('exe.⟨U+202E⟩slx⟨U+2066⟩.tnetnoc')
    }
  })

  test('of 300 characters are cut where a reader counts them, emoji whole', () => {
    const family = '👨‍👩‍👧'
    const { html, text } = buildMail(runOf(family.repeat(300)))
    const cut = `${family.repeat(79)}…`
    const line = text.split('\n').find((candidate) => candidate.startsWith('* Suspend')) ?? ''
    expect(line).toBe(`* Suspend ${cut} (${cut}) [failed]`)
    expect(html.includes(`<b><bdi>${cut}</bdi></b>`)).toBe(true)
  })

  test('that are formulas are text in the CSV, and stay legible in the mail', () => {
    const name = '=HYPERLINK("http://fabrikam.example";"x")'
    const { text, attachments } = buildMail(runOf(name))
    expect(text).toContain(name)
    const csv = textOf(attachmentNamed(attachments, 'changes.csv'))
    const { data } = Papa.parse<string[]>(csv.replace('\ufeff', ''), { delimiter: ';' })
    const cells = data.flat()
    expect(cells).toContain(`'${name}`)
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  })
})

test('the report page keeps hostile data inside its JSON', () => {
  const page = renderReportPage(runOf('</script><script>alert(1)</script><!--'))
  expect(page.match(/<script/g)).toHaveLength(2)
  expect(page.match(/<\/script>/g)).toHaveLength(2)
  const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? ''
  expect(JSON.parse(json).changes[0]).toContain('</script><script>alert(1)</script><!--')
})
