import { expect, test } from 'vitest'
import { buildMail } from '../../core/report/mail.ts'
import type { UpdateAttempt } from '../../core/update/services.ts'
import { anInput, aRun } from './sample.ts'

const earlier = (version: string) => aRun({ version, requested_at: '2026-11-22T01:00:00.000Z' })
const later = aRun({ version: '9.9.9', requested_at: '2026-11-23T02:00:00.000Z' })

test('story 31: the first report after an update names the old version and the new one', () => {
  const run = aRun({ version: '1.5.0+3c1d9aa' })
  const { text } = buildMail(anInput({ run, history: [later, earlier('1.4.0+0000000')] }))
  expect(text).toContain('1.4.0+0000000 → 1.5.0+3c1d9aa')
})

const refused: readonly (readonly [
  'en' | 'nl',
  UpdateAttempt['outcome'],
  string | null,
  string,
])[] = [
  [
    'en',
    'checksum_wrong',
    '1.5.0',
    '1.5.0 was not installed: the checksum of its package is wrong. This version goes on',
  ],
  ['en', 'feed_unreachable', null, 'Nothing was installed: the releases cannot be reached.'],
  ['nl', 'signature_wrong', '1.5.0', '1.5.0 is niet geïnstalleerd: hij is niet ondertekend met'],
]

test.each(refused)(
  'in %s a release that was refused is told: %s',
  (language, outcome, offered, words) => {
    const at = '2026-11-23T00:20:00.000Z'
    const lastUpdate = { at, outcome, offered, message: 'not for the mail' }
    const { text, html } = buildMail(anInput({ language, lastUpdate }))
    expect(text.replace(/\s+/g, ' ')).toContain(words)
    expect(html).toContain(offered ?? words)
    expect(text).not.toContain('not for the mail')
  },
)

test.each(['current', 'postponed', 'published'] as const)(
  'an update that is %s is no matter for a mail',
  (outcome) => {
    const lastUpdate = { at: '2026-11-23T00:20:00.000Z', outcome, offered: '1.5.0', message: '' }
    expect(buildMail(anInput({ lastUpdate })).text).not.toContain('1.5.0')
  },
)

test('the next report names the version alone', () => {
  const run = aRun({ version: '1.5.0+3c1d9aa' })
  const { text } = buildMail(anInput({ run, history: [later, earlier('1.5.0+3c1d9aa')] }))
  expect(text).toContain('1.5.0+3c1d9aa')
  expect(text).not.toContain('→ 1.5.0')
})
