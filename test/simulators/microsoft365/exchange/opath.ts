/**
 * OPATH, the filter language of `-Filter`: `-eq -ne -gt -ge -lt -le -like -notlike`, `-and -or -not`, parentheses,
 * quoted texts, `$true`, `$false` and `$null`. As much of it as partitions of a listing need.
 */
export type Predicate<T> = (item: T) => boolean

/** Values of the properties that may be filtered on; names are compared case-insensitively. */
export type Filterable<T> = Readonly<
  Record<string, (item: T) => string | boolean | Date | readonly string[]>
>

/** The filter cannot be read, or names a property that it may not name. */
export class OpathError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OpathError'
  }
}

/** @throws OpathError */
export function parseOpath<T>(text: string, properties: Filterable<T>): Predicate<T> {
  const tokens = tokenize(text)
  const parser = new OpathParser(tokens, properties)
  const predicate = parser.parseOr()
  parser.expectEnd()
  return predicate
}

const tokenPattern = /\s*(\(|\)|'(?:[^']|'')*'|"[^"]*"|\$\w+|-\w+|[\w.:]+)/y

function tokenize(text: string): string[] {
  const source = text
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trimEnd()
  const tokens: string[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < source.length) {
    const at = tokenPattern.lastIndex
    const match = tokenPattern.exec(source)
    if (match === null) throw new OpathError(`Invalid filter syntax at position ${at}.`)
    tokens.push(match[1] ?? '')
  }
  return tokens
}

class OpathParser<T> {
  readonly #tokens: readonly string[]
  readonly #properties: ReadonlyMap<string, Filterable<T>[string]>
  #at = 0

  constructor(tokens: readonly string[], properties: Filterable<T>) {
    this.#tokens = tokens
    const entries = Object.entries(properties)
    this.#properties = new Map(entries.map(([name, read]) => [name.toLowerCase(), read]))
  }

  parseOr(): Predicate<T> {
    let left = this.#parseAnd()
    while (this.#take('-or')) {
      const [first, second] = [left, this.#parseAnd()]
      left = (item) => first(item) || second(item)
    }
    return left
  }

  expectEnd(): void {
    const rest = this.#tokens[this.#at]
    if (rest !== undefined) throw new OpathError(`Invalid filter syntax near ${rest}.`)
  }

  #parseAnd(): Predicate<T> {
    let left = this.#parseTerm()
    while (this.#take('-and')) {
      const [first, second] = [left, this.#parseTerm()]
      left = (item) => first(item) && second(item)
    }
    return left
  }

  #parseTerm(): Predicate<T> {
    if (this.#take('-not')) {
      const negated = this.#parseTerm()
      return (item) => !negated(item)
    }
    if (!this.#take('(')) return this.#parseComparison()
    const inner = this.parseOr()
    if (!this.#take(')')) throw new OpathError('Missing closing parenthesis.')
    return inner
  }

  #parseComparison(): Predicate<T> {
    const [name = '', operator = '', literal = ''] = this.#tokens.slice(this.#at, this.#at + 3)
    this.#at += 3
    const read = this.#properties.get(name.toLowerCase())
    if (read === undefined)
      throw new OpathError(`"${name}" is not a recognized filterable property.`)
    const compare = comparisons[operator.toLowerCase()]
    if (compare === undefined || literal === '')
      throw new OpathError(`Invalid operator ${operator}.`)
    const wanted = unquote(literal)
    const instant = parseInstant(wanted)
    return (item) => {
      const value = read(item)
      if (Array.isArray(value))
        return value.some((one: string) => compare(one.toLowerCase(), wanted))
      if (value instanceof Date) {
        if (Number.isNaN(instant)) throw new OpathError(`"${wanted}" is not a date.`)
        return compare(value.getTime(), instant)
      }
      return compare(String(value).toLowerCase(), wanted)
    }
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== token) return false
    this.#at += 1
    return true
  }
}

type Comparable = string | number
const comparisons: Readonly<Record<string, (value: Comparable, wanted: Comparable) => boolean>> = {
  '-eq': (value, wanted) => value === wanted,
  '-ne': (value, wanted) => value !== wanted,
  '-gt': (value, wanted) => value > wanted,
  '-ge': (value, wanted) => value >= wanted,
  '-lt': (value, wanted) => value < wanted,
  '-le': (value, wanted) => value <= wanted,
  '-like': (value, wanted) => wildcard(String(wanted)).test(String(value)),
  '-notlike': (value, wanted) => !wildcard(String(wanted)).test(String(value)),
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\?]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll('*', '.*')}$`, 's')
}

function unquote(literal: string): string {
  const special: Readonly<Record<string, string>> = { $true: 'true', $false: 'false', $null: '' }
  const text = /^'.*'$/s.test(literal)
    ? literal.slice(1, -1).replaceAll("''", "'")
    : literal.replace(/^"(.*)"$/s, '$1')
  return special[text.toLowerCase()] ?? text.toLowerCase()
}

// A time without a zone is UTC here, whatever the zone of the machine.
function parseInstant(text: string): number {
  const upper = text.toUpperCase()
  if (/^\d{4}-\d\d-\d\d$/.test(text) || /(z|[+-]\d\d:?\d\d)$/i.test(text)) return Date.parse(upper)
  return Date.parse(/^\d{4}-\d\d-\d\dt/.test(text) ? `${upper}Z` : `${upper} UTC`)
}
