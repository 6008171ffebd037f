import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { renderReportPage } from '../../core/report/report-page.ts'
import { makePageModule, pages, readPageModule } from '../tools/pages.ts'
import { outcomes } from './outcomes.ts'
import { aChange, anInput, aRun, changes } from './sample.ts'

function between(page: string, start: string, end: string): string {
  const from = page.indexOf(start) + start.length
  return page.slice(from, page.indexOf(end, from))
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

test.each(pages)('the stored page "$name" is made from its sources', async (page) => {
  expect(await readPageModule(page)).toBe(await makePageModule(page))
})

describe.each(Object.keys(outcomes))('the report page of "%s"', (name) => {
  const input = outcomes[name]?.() ?? anInput()
  const page = renderReportPage(input)

  test('allows its own script and style by hash, and nothing else', () => {
    const policy = between(page, 'Content-Security-Policy" content="', '"').replaceAll('&#39;', "'")
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashOf(between(page, '<script>', '</script>'))}`,
      `style-src ${hashOf(between(page, '<style>', '</style>'))}`,
      "base-uri 'none'",
      "form-action 'none'",
    ])
  })

  test('is self-contained: no address, no handler and no style in an attribute', () => {
    const markup = page.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, '')
    expect(markup).not.toMatch(/\s(src|href|style|on[a-z]+)=/i)
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/)
  })

  test('holds every change once, sorted by action, kind and cause', () => {
    const data = JSON.parse(
      between(page, '<script type="application/json" id="data">', '</script>'),
    )
    expect(data.changes).toHaveLength(input.changes.length)
    const sequences = data.changes.map(([sequence]: [number]) => sequence)
    expect(new Set(sequences).size).toBe(input.changes.length)
    const groups = data.changes.map((row: number[]) => row.slice(1, 4).join())
    const runsOfGroups = groups.filter(
      (group: string, index: number) => group !== groups[index - 1],
    )
    expect(new Set(runsOfGroups).size).toBe(runsOfGroups.length)
  })
})

test('the SSO account key is masked, whatever the plan holds', () => {
  const secret = 'b3d1c0de-1111-4222-8333-944455556666'
  const change = aChange(1, {
    fields: [{ path: 'SsoAccountKey', before: null, after: secret }],
  })
  expect(renderReportPage(anInput({ changes: [change] }))).not.toContain(secret)
})

test('a run of 10,000 changes is a page of a few megabytes, made within a second', () => {
  const plan = changes(1, 10_000)
  // Of the processor: what else the machine does meanwhile is not counted.
  const before = process.cpuUsage()
  const page = renderReportPage(anInput({ changes: plan, run: aRun({}, plan) }))
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(1000)
  expect(page.length).toBeLessThan(4_000_000)
})

test('a report of a run under way tells what is known by now', () => {
  const run = aRun({ status: 'running', phase: 'applying', finished_at: null })
  expect(renderReportPage(anInput({ run }))).toContain('The run is applying.')
})
