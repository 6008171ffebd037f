import { type ProblemAge, problemAge } from './age.ts'
import { type Formats, formatsOf } from './format.ts'
import type { ReportInput } from './input.ts'
import type { Messages } from './messages/catalogue.ts'
import { messagesOf } from './messages/messages.ts'
import { type Outcome, outcomeOf, type Totals, totalsOf } from './outcome.ts'

/** How much a report tells before it points to the attachments. */
export interface Limits {
  readonly changes: number
  /** Lines under one heading: causes, failures, addresses. */
  readonly lines: number
  /** Characters of a name, an address or a value. */
  readonly characters: number
}

/** What every section is written from. */
export interface ReportContext {
  readonly input: ReportInput
  readonly messages: Messages
  readonly formats: Formats
  readonly outcome: Outcome
  readonly totals: Totals
  readonly age: ProblemAge
  readonly limits: Limits
}

export function contextOf(input: ReportInput, limits: Limits): ReportContext {
  return {
    input,
    messages: messagesOf(input.language),
    formats: formatsOf(input),
    outcome: outcomeOf(input.run),
    totals: totalsOf(input.run),
    age: problemAge(input),
    limits,
  }
}
