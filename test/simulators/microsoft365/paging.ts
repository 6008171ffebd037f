/** Pages over a list that was fixed when the first page was asked for. */

/** Where a page begins. `page` is 0 for the first one. */
export interface Position {
  readonly offset: number
  readonly page: number
}

export interface PageQuirks {
  readonly emptyMiddlePage: boolean
  readonly duplicatesAcrossPages: boolean
}

export const firstPage: Position = { offset: 0, page: 0 }

/** One page, and where the next one begins; `null` = there is none. */
export function slicePage<T>(
  items: readonly T[],
  { offset, page }: Position,
  size: number,
  quirks: PageQuirks,
): { readonly rows: readonly T[]; readonly next: Position | null } {
  if (quirks.emptyMiddlePage && page === 1) return { rows: [], next: { offset, page: 2 } }
  const begin = quirks.duplicatesAcrossPages && page > 0 ? Math.max(0, offset - 1) : offset
  const end = offset + size
  const next = end < items.length ? { offset: end, page: page + 1 } : null
  return { rows: items.slice(begin, end), next }
}

const mostCursors = 5000

/** Remembers cursors by an opaque token; a cursor can be used again until it expires. */
export class CursorStore<C> {
  readonly #cursors = new Map<string, { readonly cursor: C; readonly at: number }>()
  #opened = 0

  /** @returns the token, shaped like Microsoft's: base64 with a server's name inside */
  open(cursor: C): string {
    this.#opened += 1
    const token = Buffer.from(`AM0PR01MB1234:${this.#opened}`).toString('base64url')
    this.#cursors.set(token, { cursor, at: performance.now() })
    const oldest = this.#cursors.keys().next().value
    if (this.#cursors.size > mostCursors && oldest !== undefined) this.#cursors.delete(oldest)
    return token
  }

  /** `null` for an unknown token and for one older than `seconds`. */
  get(token: string, seconds: number): C | null {
    const found = this.#cursors.get(token)
    if (found === undefined || performance.now() - found.at > seconds * 1000) return null
    return found.cursor
  }
}
