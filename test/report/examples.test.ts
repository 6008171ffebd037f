import { describe, expect, test } from 'vitest'
import { buildMail } from '../../core/report/mail.ts'
import { outcomes } from './outcomes.ts'

// What an administrator reads, for every way a run can end. A change of words shows up here, to be read before it is
// accepted (`npx vitest run test/report -u`).
describe.each(['en', 'nl'] as const)('subject and text in %s', (language) => {
  test.each(Object.keys(outcomes))('%s', async (name) => {
    const input = outcomes[name]?.()
    if (input === undefined) throw new Error(`no outcome ${name}`)
    const { subject, text } = buildMail({ ...input, language })
    const file = `examples/${language}/${name.replaceAll(/[^a-z0-9]+/gi, '-')}.txt`
    await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(file)
  })
})

test('the subject is the same sentence that the issue promises', () => {
  const subjectOf = (name: string) => {
    const input = outcomes[name]?.()
    return input === undefined ? '' : buildMail(input).subject
  }
  expect(subjectOf('success')).toBe(
    'Cloud Sync fabrikam.example: 1 suspended, 3 created, 4 updated',
  )
  expect(subjectOf('blocked, day 2')).toContain('BLOCKED day 2: would suspend 412 of 1,940')
  expect(subjectOf('preview')).toContain('PREVIEW: 8 changes, nothing written')
  expect(subjectOf('failed: Exchange refused')).toContain('FAILED: Exchange refused (role missing)')
})
