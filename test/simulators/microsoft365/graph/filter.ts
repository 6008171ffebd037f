/**
 * OData `$filter`, as much as directory objects take without tricks: `eq`, `in`, `startswith`, `any` over a list,
 * `and`, `or`, parentheses; `ne` and `not` only as an advanced query. Texts compare case-insensitively.
 */
import type { DirectoryObject } from './directory-object.ts'
import { badRequest, unsupportedQuery } from './errors.ts'

type Predicate = (object: DirectoryObject) => boolean

const tokenPattern = /\s*('(?:[^']|'')*'|[A-Za-z_][\w/]*(?:\([^)]*?\s*:)?|\(|\)|,|[\w-]+)/y

export interface FilterRules {
  /** Names of properties of the collection. */
  readonly properties: readonly string[]
  /** True with `ConsistencyLevel: eventual` and `$count=true`. */
  readonly isAdvanced: boolean
}

/** @throws GraphFailure for an unknown property, a syntax error, or an operator that needs an advanced query */
export function parseFilter(text: string, rules: FilterRules): Predicate {
  const parser = new FilterParser(tokenize(text), rules)
  return parser.parse()
}

function tokenize(text: string): string[] {
  const source = text.trim()
  const tokens: string[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < source.length) {
    const at = tokenPattern.lastIndex
    const match = tokenPattern.exec(source)
    if (match === null) throw badRequest(`Invalid filter clause: syntax error at position ${at}.`)
    tokens.push(match[1] ?? '')
  }
  return tokens
}

class FilterParser {
  readonly #tokens: readonly string[]
  readonly #rules: FilterRules
  #at = 0

  constructor(tokens: readonly string[], rules: FilterRules) {
    this.#tokens = tokens
    this.#rules = rules
  }

  parse(): Predicate {
    const predicate = this.#parseOr()
    const rest = this.#tokens[this.#at]
    if (rest !== undefined) throw badRequest(`Invalid filter clause: unexpected '${rest}'.`)
    return predicate
  }

  #parseOr(): Predicate {
    let left = this.#parseAnd()
    while (this.#take('or')) {
      const [first, second] = [left, this.#parseAnd()]
      left = (object) => first(object) || second(object)
    }
    return left
  }

  #parseAnd(): Predicate {
    let left = this.#parseTerm()
    while (this.#take('and')) {
      const [first, second] = [left, this.#parseTerm()]
      left = (object) => first(object) && second(object)
    }
    return left
  }

  #parseTerm(): Predicate {
    if (this.#take('not')) {
      this.#needsAdvanced('not')
      const negated = this.#parseTerm()
      return (object) => !negated(object)
    }
    if (this.#take('(')) {
      const inner = this.#parseOr()
      this.#expect(')')
      return inner
    }
    const word = this.#next()
    if (word.toLowerCase() === 'startswith') return this.#parseStartsWith()
    const any = /^(\w+)\/any\((\w+)\s*:$/i.exec(word)
    return any === null ? this.#parseComparison(word) : this.#parseAny(any[1] ?? '', any[2] ?? '')
  }

  #parseStartsWith(): Predicate {
    this.#expect('(')
    const property = this.#property(this.#next())
    this.#expect(',')
    const prefix = this.#literal()
    this.#expect(')')
    return (object) => textOf(object.read(property)).startsWith(prefix)
  }

  #parseAny(name: string, variable: string): Predicate {
    const property = this.#property(name)
    const startsWith = this.#take('startswith')
    if (startsWith) this.#expect('(')
    if (this.#next() !== variable) throw badRequest(`Invalid filter clause near '${name}/any'.`)
    this.#expect(startsWith ? ',' : 'eq')
    const wanted = this.#literal()
    if (startsWith) this.#expect(')')
    this.#expect(')')
    const fits = (value: string) => (startsWith ? value.startsWith(wanted) : value === wanted)
    return (object) => listOf(object.read(property)).some((value) => fits(value.toLowerCase()))
  }

  #parseComparison(name: string): Predicate {
    const property = this.#property(name)
    const operator = this.#next().toLowerCase()
    if (operator === 'in') {
      const wanted = this.#literals()
      return (object) => wanted.includes(textOf(object.read(property)))
    }
    if (operator === 'ne') this.#needsAdvanced('ne')
    else if (operator !== 'eq') throw unsupportedQuery(`Unsupported filter operator '${operator}'.`)
    const wanted = this.#literal()
    return (object) => (textOf(object.read(property)) === wanted) === (operator === 'eq')
  }

  #literals(): string[] {
    this.#expect('(')
    const literals = [this.#literal()]
    while (this.#take(',')) literals.push(this.#literal())
    this.#expect(')')
    return literals
  }

  #literal(): string {
    const token = this.#next()
    const text = token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") : token
    return text.toLowerCase()
  }

  #property(name: string): string {
    if (this.#rules.properties.includes(name)) return name
    throw badRequest(`Invalid filter clause: Could not find a property named '${name}'.`)
  }

  #needsAdvanced(operator: string): void {
    if (this.#rules.isAdvanced) return
    throw unsupportedQuery(
      `Operator '${operator}' needs ConsistencyLevel: eventual and $count=true.`,
    )
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== token) return false
    this.#at += 1
    return true
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw badRequest(`Invalid filter clause: '${token}' expected.`)
  }

  #next(): string {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw badRequest('Invalid filter clause: it ends too early.')
    this.#at += 1
    return token
  }
}

type Value = ReturnType<DirectoryObject['read']>
const textOf = (value: Value): string => String(value ?? 'null').toLowerCase()
const listOf = (value: Value): readonly string[] => (Array.isArray(value) ? value : [])
