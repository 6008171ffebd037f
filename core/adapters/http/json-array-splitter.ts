/** Reads a large JSON answer without ever holding it whole: the elements of its one long array come out one by one. */

const byte = {
  quote: 0x22,
  comma: 0x2c,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const

/**
 * Bytes from the beginning of the array's name to the array, at most. To look at everything that came before, at each
 * list that comes before it, would take a hundred times as long for an answer that is ten times as long.
 */
const lookBack = 200

/**
 * Takes the bytes of a JSON object as they arrive, and hands out the text of each element of one of its arrays. What is
 * around the array is kept, to be parsed at the end. It checks nothing: an element, or the rest, that is no JSON shows
 * when it is parsed; an array that is never closed leaves a rest that is none.
 */
export class JsonArraySplitter {
  readonly #atArray: RegExp
  readonly #onElement: (text: string) => void
  readonly #rest: Buffer[] = []
  /** The end of what came before this chunk, while the array has not begun. */
  #tail: Buffer = Buffer.alloc(0)
  /** Pieces of the element that began in an earlier chunk. */
  #element: Buffer[] = []
  #depth = 0
  #state: 'before' | 'inside' | 'after' = 'before'
  #isInString = false
  #isEscaped = false

  /**
   * @param property whose value, in the outermost object, is the array; only its first occurrence counts
   * @param onElement gets the JSON text of each element
   */
  constructor(property: string, onElement: (text: string) => void) {
    this.#atArray = new RegExp(`${JSON.stringify(property)}\\s*:\\s*$`)
    this.#onElement = onElement
  }

  push(chunk: Buffer): void {
    // What lies before `begin` is handed out or kept already.
    let begin = 0
    for (let at = 0; at < chunk.length; at++) {
      const next = chunk[at] ?? 0
      if (this.#isInString) this.#readInString(next)
      else if (next === byte.quote) this.#isInString = true
      else if (next === byte.openBracket || next === byte.openBrace) {
        begin = this.#open(next, chunk, begin, at)
      } else if (next === byte.closeBracket || next === byte.closeBrace) {
        begin = this.#close(chunk, begin, at)
      } else if (next === byte.comma && this.#state === 'inside' && this.#depth === 2) {
        this.#endElement(chunk.subarray(begin, at))
        begin = at + 1
      }
    }
    // Copied: a chunk may be a piece of a larger buffer, which would be kept as a whole.
    const left = Buffer.from(chunk.subarray(begin))
    if (this.#state === 'inside') this.#element.push(left)
    else this.#rest.push(left)
    if (this.#state === 'before') {
      this.#tail = Buffer.concat([this.#tail, left.subarray(-lookBack)]).subarray(-lookBack)
    }
  }

  /** Everything but the elements: the same object with an empty array. */
  rest(): string {
    return new TextDecoder().decode(Buffer.concat(this.#rest))
  }

  #readInString(next: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (next === byte.backslash) this.#isEscaped = true
    else if (next === byte.quote) this.#isInString = false
  }

  #open(next: number, chunk: Buffer, begin: number, at: number): number {
    this.#depth += 1
    const mayBegin = this.#state === 'before' && this.#depth === 2 && next === byte.openBracket
    if (!mayBegin) return begin
    const before = Buffer.concat([this.#tail, chunk.subarray(Math.max(0, at - lookBack), at)])
    if (!this.#atArray.test(before.toString())) return begin
    this.#rest.push(Buffer.from(chunk.subarray(begin, at + 1)))
    this.#state = 'inside'
    return at + 1
  }

  #close(chunk: Buffer, begin: number, at: number): number {
    this.#depth -= 1
    if (this.#state !== 'inside' || this.#depth !== 1) return begin
    this.#endElement(chunk.subarray(begin, at))
    this.#state = 'after'
    return at
  }

  #endElement(last: Buffer): void {
    const isWhole = this.#element.length === 0
    const text = (isWhole ? last : Buffer.concat([...this.#element, last])).toString()
    this.#element = []
    if (text.trim() !== '') this.#onElement(text)
  }
}
