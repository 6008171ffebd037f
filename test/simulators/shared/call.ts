import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** Names that a simulator gives to a call (`cmdlet`, `identity`, `operation`, …), for the log and for rules. */
export type Tags = Record<string, string>

/** One HTTP request as a simulator sees it: its body is read, its JSON parsed. */
export interface Call {
  readonly method: string
  /** Path as sent, without the query, not decoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly rawBody: string
  /** The body as it came, where it is a body of its own (an item of a batch has none). */
  readonly rawBytes?: Uint8Array
  /** The parsed JSON body; `undefined` when there is none or it is no JSON. */
  readonly body: unknown
  /** Origin that the caller used (`http://127.0.0.1:PORT`), for links in answers. */
  readonly origin: string
  /** When it came over HTTP, on the clock of `performance.now()`: latency is counted from then. */
  readonly arrivedAt?: number
  /** Filled by `describe` before rules are looked at; a handler may add more. */
  readonly tags: Tags
}

/** What goes back. A `content-length` is always set. */
export interface Answer {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Uint8Array
}

export type Handler = (call: Call) => Answer | Promise<Answer>

/** An answer with a JSON body. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

/** An answer with a plain text body. */
export function textAnswer(
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
}
