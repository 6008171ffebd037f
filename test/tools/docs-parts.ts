/**
 * Makes the parts of `docs/` that come from the code: `node test/tools/docs-parts.ts`. A test keeps them equal to it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { errorCodes, warningCodes } from '../../core/errors.ts'
import { neededRights } from '../../core/health/needed-rights.ts'
import { titlesEn } from '../../core/report/messages/titles.ts'
import { remedies } from '../../core/report/remedies.ts'

interface Part {
  readonly file: string
  readonly name: string
  readonly render: () => string
}

export const parts: readonly Part[] = [
  { file: 'troubleshooting.md', name: 'codes', render: renderCodes },
  { file: 'security-and-privacy.md', name: 'rights', render: renderRights },
]

export function docsFile(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url))
}

/** The page with its part made anew. @throws Error when the page has no place for it */
export function withPart(page: string, { name, render }: Part): string {
  const place = new RegExp(`(<!-- ${name}:begin[^>]*-->\\n)[^]*?(<!-- ${name}:end -->)`)
  if (!place.test(page)) throw new Error(`the page has no part ${name}`)
  return page.replace(
    place,
    (_whole, begin: string, end: string) => `${begin}\n${render()}\n\n${end}`,
  )
}

function renderCodes(): string {
  const codes = [...new Set([...errorCodes, ...warningCodes])].toSorted()
  return [
    '| code | what it says | what to do |',
    '|---|---|---|',
    ...codes.map((code) => `| \`${code}\` | ${titlesEn[code]} | ${remedies[code].en} |`),
  ].join('\n')
}

function renderRights(): string {
  return [
    '| right | on | why |',
    '|---|---|---|',
    ...neededRights.map((right) => {
      const on = right.kind === 'appRole' ? right.resource : 'Entra (a directory role)'
      return `| \`${right.name}\` | ${on} | ${right.reason} |`
    }),
  ].join('\n')
}

if (import.meta.main) {
  for (const part of parts) {
    const file = docsFile(part.file)
    writeFileSync(file, withPart(readFileSync(file, 'utf8'), part))
    console.log(`docs/${part.file}: ${part.name}`)
  }
}
