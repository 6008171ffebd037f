/**
 * The mail as a document: what it says, apart from how it looks. Text and HTML are made from the same document, so
 * they always say the same. Texts are safe to show (`display.ts`) but not escaped; `code` and **button** are marked.
 */
import type { Action, ChangeStatus } from '../model/change.ts'
import type { Tone } from './outcome.ts'

export interface MailDocument {
  readonly environment: string
  readonly tone: Tone
  readonly headline: string
  /** What it means, a sentence each. */
  readonly lead: readonly string[]
  /** The one place that a mail leads to: this run in the dashboard. */
  readonly link: MailLink
  readonly sections: readonly Section[]
  readonly footer: string
}

export interface MailLink {
  readonly text: string
  /** With a host where the app knows its own; else the path, which leads nowhere by itself. */
  readonly place: string
  readonly isAddress: boolean
}

export interface Section {
  readonly heading: string
  readonly tone: Tone | 'plain'
  readonly blocks: readonly Block[]
}

export type Block =
  | { readonly type: 'paragraph'; readonly text: string }
  | { readonly type: 'bullets'; readonly items: readonly string[] }
  /** Sentences as they were stored with the run. */
  | {
      readonly type: 'quote'
      /** Where they are in another language than the report. */
      readonly label: string | null
      readonly language: 'en' | 'nl'
      readonly lines: readonly string[]
    }
  | { readonly type: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  | {
      readonly type: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
      /** The action of each row, whose colour marks it. */
      readonly marks: readonly Action[]
    }
  | { readonly type: 'bar'; readonly parts: readonly BarPart[] }
  | { readonly type: 'finding'; readonly title: string; readonly blocks: readonly Block[] }
  | { readonly type: 'change'; readonly change: ShownChange }

export interface BarPart {
  readonly label: string
  readonly count: number
  readonly action: Action
}

/** A change as a reader sees it. */
export interface ShownChange {
  readonly action: Action
  readonly actionText: string
  readonly address: string
  /** `''` when it says no more than the address. */
  readonly name: string
  readonly kind: string
  readonly reason: string
  readonly status: ChangeStatus
  /** Only where it says something: failed, deferred, not begun. */
  readonly statusText: string | null
  readonly fields: readonly ShownField[]
}

export interface ShownField {
  readonly name: string
  /** `Anna → Anna de Vries`, or for lists what comes and what goes. */
  readonly difference: string
}
