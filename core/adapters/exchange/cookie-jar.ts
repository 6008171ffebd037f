import type { AnswerHeaders } from '../http/answer-headers.ts'

/**
 * The cookies of one listing: they tie its pages to one backend (reference 3.6). Names and values only; everything
 * goes to one base URL and a listing takes minutes, so that path, domain and expiry times do not matter.
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>()

  /** Keeps what an answer sets, and forgets what it takes back. */
  keep(headers: AnswerHeaders): void {
    for (const cookie of headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(';')
      const equals = pair.indexOf('=')
      if (equals < 1) continue
      const name = pair.slice(0, equals).trim()
      if (attributes.some((attribute) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(attribute))) {
        this.#cookies.delete(name)
      } else {
        this.#cookies.set(name, pair.slice(equals + 1).trim())
      }
    }
  }

  /** The `Cookie` header to send, or none. */
  get headers(): Readonly<Record<string, string>> {
    if (this.#cookies.size === 0) return {}
    return { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  }
}
