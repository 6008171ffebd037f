import { expect, test } from 'vitest'
import { buildMail } from '../../core/report/mail.ts'
import { anInput, aRun } from './sample.ts'

const earlier = (version: string) => aRun({ version, requested_at: '2026-11-22T01:00:00.000Z' })
const later = aRun({ version: '9.9.9', requested_at: '2026-11-23T02:00:00.000Z' })

test('the first report after an update names the old version and the new one', () => {
  const run = aRun({ version: '1.5.0+3c1d9aa' })
  const { text } = buildMail(anInput({ run, history: [later, earlier('1.4.0+0000000')] }))
  expect(text).toContain('1.4.0+0000000 → 1.5.0+3c1d9aa')
})

test('the next report names the version alone', () => {
  const run = aRun({ version: '1.5.0+3c1d9aa' })
  const { text } = buildMail(anInput({ run, history: [later, earlier('1.5.0+3c1d9aa')] }))
  expect(text).toContain('1.5.0+3c1d9aa')
  expect(text).not.toContain('→ 1.5.0')
})
