import { describe, expect, test } from 'vitest'
import { errorCodes, warningCodes } from '../../core/errors.ts'
import { actions } from '../../core/model/change.ts'
import { buildMail } from '../../core/report/mail.ts'
import { outcomes } from './outcomes.ts'
import { tagsOf } from './parts.ts'
import { aChange, anInput, aRun } from './sample.ts'

// "Word 2007 HTML and CSS Rendering Capabilities in Outlook 2007", of which the Outlooks of today still have the
// engine: written down here again, apart from the list that the renderer is typed by.
const wordProperties = new Set(
  `color background-color font-family font-size font-style font-weight text-decoration text-align vertical-align
   letter-spacing line-height border border-top border-bottom border-left border-right border-collapse
   margin padding width height`.split(/\s+/),
)

const mails = Object.entries(outcomes).map(
  ([name, make]) => [name, buildMail(make()).html] as const,
)

describe.each(mails)('the HTML of "%s"', (_name, html) => {
  const tags = tagsOf(html)

  test('has only tables for layout, and says so', () => {
    const tables = tags.filter(({ name }) => name === 'table')
    expect(tables.length).toBeGreaterThan(3)
    expect(tables.filter(({ text }) => !text.includes('role="presentation"'))).toEqual([])
  })

  test('uses only CSS that Outlook knows', () => {
    const properties = tags.flatMap(({ style }) =>
      style.split(';').flatMap((declaration) => declaration.split(':')[0] || []),
    )
    expect(properties.length).toBeGreaterThan(20)
    expect([...new Set(properties)].filter((name) => !wordProperties.has(name))).toEqual([])
  })

  test('keeps what Outlook does not know inside media queries, for dark mode and telephones', () => {
    const block = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? ''
    expect(block).toContain('@media (prefers-color-scheme: dark)')
    expect(block).toContain('@media (max-width: 680px)')
    const outside = block.replace(/@media[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}/g, '').trim()
    expect(outside).toBe(':root { color-scheme: light dark; supported-color-schemes: light dark; }')
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
  })

  test('loads and runs nothing, and links to its run in the dashboard only', () => {
    expect(html).not.toMatch(/<(script|img|link|iframe|form|object)\b/i)
    expect(html).not.toMatch(/url\(|@import|\son[a-z]+=/i)
    const addresses = [...html.matchAll(/https?:[^"<\s]*/g)].map(([address]) => address)
    expect(addresses).toEqual([
      'https://cloud-sync.fabrikam.example/api/dashboard#run=7f8a2b31-20261123T010000Z',
    ])
    expect(tags.filter(({ name }) => name === 'a')).toHaveLength(1)
  })

  test('says every font in every cell, because Word hands none down', () => {
    const cells = tags.filter(
      ({ name, style }) => name === 'td' && !style.startsWith('padding:16px'),
    )
    const silent = cells.filter(({ style }) => !/font-(family|size):/.test(style))
    expect(silent).toEqual([])
  })
})

test('stays under 100 kB with the longest names, every warning and every failure', () => {
  const long = '<&"\u202e'.repeat(100)
  const plan = Array.from({ length: 120 }, (_, index) =>
    aChange(index + 1, {
      action: actions[index % actions.length] ?? 'update',
      address: `${long}@fabrikam.example`,
      displayName: long,
      identifier: index % 2 === 0 ? null : `id-${index}`,
      reason: `${long}${index}`,
      status: 'failed',
      error: { code: errorCodes[index % errorCodes.length] ?? 'INTERNAL', message: long },
      fields: [
        { path: 'userName', before: long, after: `x${long}` },
        { path: 'name.formatted', before: long, after: `x${long}` },
        {
          path: 'aliases',
          before: [long],
          after: Array.from({ length: 9 }, (_, i) => `${i}${long}`),
        },
        {
          path: 'delegates',
          before: [long],
          after: Array.from({ length: 9 }, (_, i) => `${i}${long}`),
        },
      ],
    }),
  )
  const warnings = Array.from({ length: 300 }, (_, index) => ({
    code: warningCodes[index % warningCodes.length] ?? 'KIND_MISMATCH',
    message: `${index} ${long}`,
    address: `${index}${long}`,
  }))
  const run = aRun({ status: 'completed_with_errors', warnings, version: long }, plan)
  for (const language of ['en', 'nl'] as const) {
    const { html } = buildMail(anInput({ changes: plan, run, language, environment: long }))
    expect(Buffer.byteLength(html)).toBeLessThan(100_000)
    expect(html).toContain('KIND_MISMATCH')
  }
})
