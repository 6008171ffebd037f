import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type MetricDefinition, metrics } from '../../core/telemetry/metrics.ts'

const page = readFileSync(new URL('../../docs/telemetry.md', import.meta.url), 'utf8')

test('docs/telemetry.md describes the metrics that there are, word for word', () => {
  const rows = Object.entries<MetricDefinition>(metrics).map(
    ([name, { kind, unit, description, attributes }]) =>
      `| \`${name}\` | ${kind} | \`${unit}\` | ${description} | ${attributes.map((word) => `\`${word}\``).join(', ')} |`,
  )
  const found = page.split('\n').filter((line) => line.startsWith('| `cloud_sync.'))
  expect(found.map(withoutPadding)).toEqual(rows.map(withoutPadding))
})

/** The formatter lines columns up. */
function withoutPadding(row: string): string {
  return row.replaceAll(/ +/g, ' ')
}
