/**
 * Makes `docs/codes.md`, the closed list of codes with their remedies: `node test/tools/codes-docs.ts`. A test keeps it
 * equal to the code.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, errorCodes, type WarningCode, warningCodes } from '../../core/errors.ts'
import { titlesEn } from '../../core/report/messages/titles.ts'
import { remedies } from '../../core/report/remedies.ts'

export const codesDocsFile = fileURLToPath(new URL('../../docs/codes.md', import.meta.url))

/** The first code that a change can fail with; those before it end a run. */
const firstOfChanges: ErrorCode = 'ALIAS_IS_GUEST'

/** `docs/codes.md`. */
export function renderCodesDocs(): string {
  const border = errorCodes.indexOf(firstOfChanges)
  return [
    '# Codes',
    '',
    '<!-- Made by test/tools/codes-docs.ts from core/errors.ts and core/report/remedies.ts. Do not edit by hand. -->',
    '',
    '`error.code` of a run or a change and `warnings[].code` come from this list and from nowhere else. The mail, the report, the dashboard and the OpenAPI document',
    '(`x-remedies`) show the same remedies.',
    '',
    ...section(
      'A run could not go on',
      'Nothing was written after it.',
      errorCodes.slice(0, border),
    ),
    ...section(
      'A change failed',
      'The others went on, and the next run tries again.',
      errorCodes.slice(border),
    ),
    ...section('A warning', 'The run went on.', warningCodes),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

function section(
  title: string,
  meaning: string,
  codes: readonly (ErrorCode | WarningCode)[],
): string[] {
  return [
    `## ${title}`,
    '',
    meaning,
    '',
    '| code | what it says | what to do | wat te doen |',
    '|---|---|---|---|',
    ...codes.toSorted().map((code) => {
      const { en, nl } = remedies[code]
      return `| \`${code}\` | ${titlesEn[code]} | ${en} | ${nl} |`
    }),
    '',
  ]
}

if (import.meta.main) {
  writeFileSync(codesDocsFile, renderCodesDocs())
  console.log('docs/codes.md')
}
