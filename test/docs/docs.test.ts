import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { type SettingKey, settingDefinitions, variableOf } from '../../core/config/definitions.ts'
import { errorCodes, warningCodes } from '../../core/errors.ts'
import { noFlags, noUsage } from '../../core/model/run.ts'
import { costOf } from '../../core/report/cost.ts'
import { docsFile, parts, withPart } from '../tools/docs-parts.ts'

const root = new URL('../../', import.meta.url).pathname
const pages = readdirSync(docsFile('.')).filter((name) => name.endsWith('.md'))
const textOf = (page: string) => readFileSync(docsFile(page), 'utf8')
const source = (path: string) => readFileSync(join(root, path), 'utf8')

test.each(parts.map((part) => [part.file, part] as const))(
  '%s says what the code says (else: node test/tools/docs-parts.ts)',
  (file, part) => {
    expect(textOf(file) === withPart(textOf(file), part)).toBe(true)
  },
)

describe.each(pages)('%s', (page) => {
  const text = textOf(page)

  test('names only settings, flags and codes that there are', () => {
    const settings = new Set(
      Object.keys(settingDefinitions).map((key) => variableOf(key as SettingKey)),
    )
    // The first is only the beginning of a name, the second is one of Zivver's own product.
    const others = new Set(['CLOUD_SYNC__', 'CLOUD_SYNC__API_KEY'])
    const named = (text.match(/CLOUD_SYNC__[A-Z_]*/g) ?? []).filter((name) => !others.has(name))
    expect(named.filter((name) => !settings.has(name))).toEqual([])
    const codes = new Set<string>([...errorCodes, ...warningCodes])
    const shouted = [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name]) => name ?? '')
    const environment = new Set([
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_SERVICE_NAME',
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      'IDENTITY_ENDPOINT',
      'IDENTITY_HEADER',
      'MALLOC_ARENA_MAX',
      'MALLOC_MMAP_THRESHOLD_',
    ])
    // Why the proof on a tenant made no further call (core/verify/guarded-probe.ts).
    const ofVerify = new Set(['OUT_OF_TIME', 'RUN_ACTIVE'])
    const known = (name: string) => codes.has(name) || environment.has(name) || ofVerify.has(name)
    expect(shouted.filter((name) => !known(name))).toEqual([])
    const flags = [...text.matchAll(/"([a-z]+_[a-z_]+)":/g)].map(([, name]) => name ?? '')
    expect(flags.filter((name) => !(name in noFlags))).toEqual([])
  })

  test('links only to pages and headings that there are', () => {
    const broken = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].filter(
      ([, path = '', heading]) => {
        const target = path === '' ? docsFile(page) : join(dirname(docsFile(page)), path)
        if (!existsSync(target)) return true
        return heading !== undefined && !headingsOf(target).includes(heading)
      },
    )
    expect(broken.map(([link]) => link)).toEqual([])
  })

  test('shows only pictures that there are', () => {
    const shown = [...text.matchAll(/src(?:set)?="([^"]+)"/g)].map(([, path]) => path ?? '')
    expect(shown.filter((path) => !existsSync(docsFile(path)))).toEqual([])
  })

  test('names only commands of npm and files of the project that there are', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(source('package.json')))
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '')
    expect(commands.filter((name) => !(name in scripts))).toEqual([])
    const files = [...text.matchAll(/`((?:core|functions|infra|test)\/[\w./-]*)`/g)].map(
      ([, name]) => name ?? '',
    )
    expect(files.filter((name) => !existsSync(join(root, name)))).toEqual([])
  })
})

/** As GitHub makes anchors of them. */
function headingsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

test('costs.md reckons with the prices and the memory that the report reckons with', () => {
  const costs = textOf('costs.md')
  const code = source('core/report/cost.ts')
  expect(code).toContain('perGigabyteSecond = 0.000026')
  expect(code).toContain('perExecution = 0.4 / 1_000_000')
  expect(code).toContain('perMail = 0.00025')
  expect(code).toContain('instanceGigabytes = 2\n')
  expect(costs).toContain('× 2 GB × 0.000026 $ + invocations × 0.0000004 $ + 0.00025 $')
  expect(source('infra/modules/function-app.bicep')).toContain('instanceMemoryMB: 2048')
})

test('costs.md reckons its table by the formula of the report', () => {
  const rows = [
    ...textOf('costs.md').matchAll(
      /^\| [\d,]+ \| [\d,]+ \| (\d+) \| ([\d.]+) \$ \| ([\d.]+) \$ \| .*?(?:(\d+) minutes, ([\d.]+) \$)? \|$/gm,
    ),
  ]
  expect(rows).toHaveLength(3)
  for (const [, seconds, month, timers, minutes, once] of rows) {
    const run = costOf({ ...noUsage, workSeconds: Number(seconds), slices: 1 }).amount
    expect(month).toBe((30 * run).toFixed(2))
    // Each minute and each hour of a month, a second of 2 GB each.
    expect(timers).toBe(((43_200 + 720) * 2 * 0.000026).toFixed(2))
    if (minutes === undefined) continue
    const first = costOf({ ...noUsage, workSeconds: Number(minutes) * 60, slices: 5 }).amount
    expect(once).toBe(first.toFixed(2))
  }
})

test('security-and-privacy.md lists every role that Bicep assigns', () => {
  const roles = [
    ...source('infra/modules/role-assignments.bicep').matchAll(/^ {2}(\w+): '[0-9a-f-]{36}'$/gm),
  ].map(([, name]) => name ?? '')
  const rows = textOf('security-and-privacy.md').toLowerCase().replaceAll(' ', '')
  expect(roles).toHaveLength(7)
  expect(roles.filter((role) => !rows.includes(`|${role.toLowerCase()}|`))).toEqual([])
})

// Each with a word that its answer cannot do without: where to look, or what to set.
test.each([
  ['Why are there so many identifier updates?', 'ExternalAccountId'],
  ['How do I reset the identifiers?', 'reset_account_mapping'],
  ['How is it updated?', 'day-to-day.md#updating'],
  ['How do I get more logs?', 'CLOUD_SYNC__LOG_LEVEL'],
  ['How do I review its rights?', '--what-if'],
  ['Which set-up tools can I remove?', 'no app registration'],
  ['How do I let more administrators in?', 'Storage Table Data Reader'],
  ['How do I change how often it runs?', 'CLOUD_SYNC__SCHEDULE'],
  ['What does it cost?', 'costs.md'],
  ['In which region is my data?', 'West Europe'],
  ['Who can see the logs?', 'Log Analytics Reader'],
  ['What does telemetry contain, and how do I switch it off?', 'CLOUD_SYNC__TELEMETRY'],
  ['What can I send to support?', 'npm run support-bundle'],
  ['How do I choose the subscription?', 'az account set'],
  ['Why does the first sync need `allow_large_sync`?', 'approve_run'],
  ['Which groups can the source filter take?', 'dynamic *distribution* group'],
  ['Are nested groups expanded?', 'CLOUD_SYNC__NESTED_GROUPS'],
])('faq.md answers: %s', (question, words) => {
  const answers = textOf('faq.md').split(/^### /m)
  const answer = answers.find((text) => text.startsWith(`${question}\n`))
  expect(answer).toContain(words)
})

test('security-and-privacy.md lists every table', () => {
  const code = ['core/adapters/tables/storage.ts', 'core/adapters/update/table-update-log.ts']
  const tables = code.flatMap((path) => source(path).match(/(?<=')CloudSync\w+(?=')/g) ?? [])
  const page = textOf('security-and-privacy.md')
  expect(tables.length).toBeGreaterThanOrEqual(7)
  expect(tables.filter((name) => !page.includes(`| table \`${name}\` |`))).toEqual([])
})

test('what-only-azure-can-show.md expects as many functions as the app has', () => {
  const names = source('test/functions/index.test.ts').match(/toHaveLength\((\d+)\)/g)
  expect(names?.join()).toContain('16')
  expect(textOf('what-only-azure-can-show.md')).toContain('Expected: `16`')
})

test('troubleshooting.md quotes messages as the app writes them', () => {
  const text = textOf('troubleshooting.md')
  const code = [
    'core/config/faults.ts',
    'core/config.ts',
    'core/plan/conflicts.ts',
    'core/run/finish-run.ts',
    'core/update/self-update.ts',
  ]
    .map(source)
    .join('\n')
  const quotes = [
    'is not a setting; the nearest name is ',
    'is required and is not set',
    'is a Key Vault reference that was not resolved',
    'because it is a group in one system and a user mailbox in the other',
    'run ended: ',
    'update: ',
  ]
  for (const quote of quotes) {
    expect(text).toContain(quote)
    expect(code).toContain(quote)
  }
})
