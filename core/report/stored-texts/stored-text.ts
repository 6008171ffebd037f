/**
 * Messages of warnings and errors are stored in English with the run: for the table, the API and the log. A report in
 * Dutch says them in Dutch: it recognises the sentence, as gettext does by its msgid, and takes over its values. Of
 * what somebody else wrote, or nobody translated, nothing is invented: it stays as it is, and is shown as a quotation.
 */
import type { ErrorCode, WarningCode } from '../../errors.ts'
import { dutchDetails } from './dutch-details.ts'
import { dutchErrors } from './dutch-errors.ts'
import { dutchWarnings } from './dutch-warnings.ts'
import { fill, type Template, template, valuesOf } from './template.ts'

/** A stored message in the language of a report, or as it was stored. */
export interface StoredText {
  readonly text: string
  readonly language: 'en' | 'nl'
}

/** What is longer is no sentence of ours. */
const longest = 4000

export function storedText(
  { code, message }: { readonly code: ErrorCode | WarningCode; readonly message: string },
  language: 'en' | 'nl',
): StoredText {
  const dutch =
    language === 'nl' && message.length <= longest ? firstMatch(message, sentences[code]) : null
  const isKnown = dutch !== null && dutch !== message
  return isKnown ? { text: dutch, language } : { text: message, language: 'en' }
}

const sentences = templatesByCode()
const details = dutchDetails.map(template)

function templatesByCode(): Readonly<Record<string, readonly Template[]>> {
  const found: Record<string, Template[]> = {}
  // A few codes are of a warning and of an error as well.
  for (const [code, pairs] of [...Object.entries(dutchErrors), ...Object.entries(dutchWarnings)]) {
    found[code] = [...(found[code] ?? []), ...pairs.map(template)]
  }
  return found
}

function firstMatch(text: string, templates: readonly Template[] | undefined): string | null {
  for (const candidate of templates ?? []) {
    const values = valuesOf(candidate, text)
    if (values !== null) return fill(candidate, values, detailOf)
  }
  return null
}

function detailOf(text: string): string | null {
  return firstMatch(text, details)
}
