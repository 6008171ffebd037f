/**
 * Replaces names and addresses, each by the same one wherever it stands, so that a plan made from the replaced data is the
 * same plan. The key is thrown away: nothing leads back.
 */
import { createHmac } from 'node:crypto'

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const addressPattern = /^([^@\s]+)@([^@\s]+)$/

export class Pseudonyms {
  readonly #key: string

  /** @param key random, and kept nowhere */
  constructor(key: string) {
    this.#key = key
  }

  /** Any text: a GUID stays a GUID, an address an address; what is blank stays as it is. */
  text(value: string): string {
    const trimmed = value.trim()
    if (trimmed === '') return value
    // Blanks around a name matter to a comparison, its case does not.
    return value.replace(trimmed, this.#replaced(trimmed))
  }

  /** The domain of an address: of the same name, of the same domain. */
  domain(value: string): string {
    return `d-${this.#digest(value).slice(0, 8)}.example`
  }

  /** The key of a row: an identifier, or `scim-` and an id. */
  rowKey(value: string): string {
    return value.startsWith('scim-') ? `scim-${this.text(value.slice(5))}` : this.text(value)
  }

  #replaced(value: string): string {
    if (guidPattern.test(value)) return this.#guid(value)
    const [, local, domain] = addressPattern.exec(value) ?? []
    return local === undefined || domain === undefined
      ? `n-${this.#digest(value).slice(0, 12)}`
      : `u-${this.#digest(local).slice(0, 12)}@${this.domain(domain)}`
  }

  #guid(value: string): string {
    const digits = this.#digest(value)
    return [0, 8, 12, 16, 20]
      .map((start, index) => digits.slice(start, [8, 12, 16, 20, 32][index]))
      .join('-')
  }

  #digest(value: string): string {
    return createHmac('sha256', this.#key).update(value.toLowerCase()).digest('hex')
  }
}
