import { scopeReasons } from '../../source/scope.ts'
import { type ChangeReason, changeReasons, type Messages } from './catalogue.ts'
import { en } from './en.ts'
import { nl } from './nl.ts'

const catalogues = { en, nl } as const satisfies Record<string, Messages>

/** The words of a language. */
export function messagesOf(language: keyof typeof catalogues): Messages {
  return catalogues[language]
}

const reasons: ReadonlySet<string> = new Set([...changeReasons, ...scopeReasons])

/** A change's reason in words; one that planning does not give (an older row) stays the word it is. */
export function reasonText(messages: Messages, reason: string): string {
  return isChangeReason(reason) ? messages.reasons[reason] : reason
}

function isChangeReason(reason: string): reason is ChangeReason {
  return reasons.has(reason)
}
