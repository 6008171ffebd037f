/** Route templates of HTTP triggers, as ASP.NET Core matches them: `runs/{id}/changes`, `{id?}`, `{*rest}`. */

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter' | 'optional' | 'rest'; readonly name: string }

/** A template ready to be matched; the lower its rank, the more precise it is. */
export interface Route {
  readonly segments: readonly Segment[]
  readonly rank: string
}

const rankOf = { literal: '0', parameter: '1', optional: '2', rest: '3' } as const

/** @throws Error for a part that the local host does not know (constraints, defaults, mixed segments) */
export function parseRoute(template: string): Route {
  const segments = template
    .split('/')
    .filter((part) => part !== '')
    .map((part) => parseSegment(part, template))
  const misplaced = segments.slice(0, -1).some(({ kind }) => kind === 'optional' || kind === 'rest')
  if (misplaced) throw new Error(`route "${template}": {name?} and {*name} may only come last`)
  return { segments, rank: segments.map(({ kind }) => rankOf[kind]).join('') }
}

function parseSegment(part: string, template: string): Segment {
  if (!/[{}]/.test(part)) return { kind: 'literal', text: part.toLowerCase() }
  const match = /^\{(\*{0,2})(\w+)(\??)\}$/.exec(part)
  if (match === null) {
    throw new Error(`route "${template}": the local host does not know "${part}"`)
  }
  const [, stars, name = '', mark] = match
  const kind = stars !== '' ? 'rest' : mark === '?' ? 'optional' : 'parameter'
  return { kind, name }
}

/**
 * @param path of the request, after the route prefix
 * @returns the parameters, or `null` when the path is another one
 */
export function matchRoute(route: Route, path: string): Record<string, string> | null {
  const parts = path.split('/').filter((part) => part !== '')
  const parameters: Record<string, string> = {}
  for (const [index, segment] of route.segments.entries()) {
    const part = parts[index]
    if (segment.kind === 'rest') {
      const rest = parts.slice(index)
      if (rest.length > 0) parameters[segment.name] = rest.map(decode).join('/')
      return parameters
    }
    if (part === undefined) return segment.kind === 'optional' ? parameters : null
    // Literals are compared without regard to case.
    if (segment.kind !== 'literal') parameters[segment.name] = decode(part)
    else if (segment.text !== decode(part).toLowerCase()) return null
  }
  return parts.length === route.segments.length ? parameters : null
}

function decode(part: string): string {
  try {
    // An encoded slash stays encoded: it is not a border between segments.
    return part.split(/%2f/i).map(decodeURIComponent).join('%2F')
  } catch {
    return part
  }
}
