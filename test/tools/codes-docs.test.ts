import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorCodes, warningCodes } from '../../core/errors.ts'
import { codesDocsFile, renderCodesDocs } from './codes-docs.ts'

const page = readFileSync(codesDocsFile, 'utf8')

// Run `node test/tools/codes-docs.ts` when this one fails.
test('docs/codes.md says what the code says', () => {
  expect(page).toBe(renderCodesDocs())
})

test('docs/codes.md has a row for every code, under each heading that it belongs to', () => {
  const [, ofRuns = '', ofChanges = '', ofWarnings = ''] = page.split(/^## /m)
  const codesIn = (part: string) => [...part.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code)
  const ofErrors = [...codesIn(ofRuns), ...codesIn(ofChanges)]
  expect([ofErrors.length, new Set(ofErrors)]).toEqual([errorCodes.length, new Set(errorCodes)])
  expect(new Set(codesIn(ofWarnings))).toEqual(new Set(warningCodes))
  expect(codesIn(ofRuns)).toContain('CONFIG_INVALID')
  expect(codesIn(ofChanges)).toContain('CREATE_UNCERTAIN')
})
