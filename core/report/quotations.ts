import type { ErrorCode, WarningCode } from '../errors.ts'
import type { ReportContext } from './context.ts'
import { shown } from './display.ts'
import type { Block } from './document.ts'
import { storedText } from './stored-texts/stored-text.ts'

/** A message as it was stored with a run. */
export interface StoredMessage {
  readonly code: ErrorCode | WarningCode
  readonly message: string
  /** What the line begins with, where the message alone does not say whom it is about. */
  readonly about?: string
}

type Quote = Extract<Block, { type: 'quote' }>

/**
 * Stored messages in the language of the report; those that are not known in it follow as they are, said to be so.
 * @param characters of a line
 * @param label before those in the language of the report
 */
export function quotations(
  stored: readonly StoredMessage[],
  { input, messages }: ReportContext,
  characters: number,
  label: string | null = null,
): Quote[] {
  const lines = stored.map(({ about, ...message }) => {
    const { text, language } = storedText(message, input.language)
    return { language, line: shown(about === undefined ? text : `${about}: ${text}`, characters) }
  })
  const own = lines.filter(({ language }) => language === input.language)
  const foreign = lines.filter(({ language }) => language !== input.language)
  return [...quote(own, label, input.language), ...quote(foreign, messages.cause.original, 'en')]
}

function quote(
  lines: readonly { readonly line: string }[],
  label: string | null,
  language: Quote['language'],
): Quote[] {
  if (lines.length === 0) return []
  return [{ type: 'quote', label, language, lines: lines.map(({ line }) => line) }]
}
