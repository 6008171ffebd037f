import { scopeReasons } from '../../source/scope.ts'
import { changeReasons, type Messages } from './catalogue.ts'

/** A change's reason in words; one that planning does not give (an older row) stays the word it is. */
export function reasonText(messages: Messages, reason: string): string {
  return isOneOf(reason, [...changeReasons, ...scopeReasons]) ? messages.reasons[reason] : reason
}

/** Why mailboxes are out of scope, in a few words. */
export function scopeText(messages: Messages, reason: string): string {
  return isOneOf(reason, scopeReasons) ? messages.scope[reason] : reason
}

function isOneOf<Word extends string>(text: string, words: readonly Word[]): text is Word {
  return (words as readonly string[]).includes(text)
}
