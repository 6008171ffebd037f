import type { Messages } from './catalogue.ts'
import { en } from './en.ts'
import { nl } from './nl.ts'

const catalogues = { en, nl } as const satisfies Record<string, Messages>

/** The words of a language. */
export function messagesOf(language: keyof typeof catalogues): Messages {
  return catalogues[language]
}
