import type { IncomingHttpHeaders } from 'node:http'

/** The headers of an answer, as far as adapters ask for them; `Headers` are some. */
export interface AnswerHeaders extends Iterable<[string, string]> {
  /** The value, several joined by commas; `null` = none. */
  get(name: string): string | null
  getSetCookie(): string[]
}

/** Headers as Node has read them anyway: `Headers` made of them would cost as much as parsing the body. */
export class ReceivedHeaders implements AnswerHeaders {
  readonly #headers: IncomingHttpHeaders

  /** @param headers names in lower case */
  constructor(headers: IncomingHttpHeaders) {
    this.#headers = headers
  }

  get(name: string): string | null {
    const value = this.#headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }

  getSetCookie(): string[] {
    return this.#headers['set-cookie'] ?? []
  }

  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const [name, values] of Object.entries(this.#headers)) {
      for (const value of [values ?? []].flat()) yield [name, value]
    }
  }
}
