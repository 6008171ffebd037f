import type { Tags } from '../shared/call.ts'
import type { AccountKind } from './account.ts'

/** A call that the SCIM API knows. */
export interface Route {
  readonly operation: 'list' | 'read' | 'create' | 'replace' | 'patch' | 'delete'
  readonly kind: AccountKind
  readonly id: string | null
}

const kinds: Readonly<Record<string, AccountKind>> = { Users: 'user', Groups: 'functional' }
const onList: Readonly<Record<string, Route['operation']>> = { GET: 'list', POST: 'create' }
const onOne: Readonly<Record<string, Route['operation']>> = {
  GET: 'read',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
}

/**
 * Finds the operation of a call.
 * @param basePath of the SCIM API, without a slash at the end
 * @returns the route, or the status of a call that there is none for
 */
export function findRoute(method: string, path: string, basePath: string): Route | 404 | 405 {
  const found = /^\/(Users|Groups)(?:\/([^/]+))?\/?$/.exec(path.slice(basePath.length))
  const kind = kinds[found?.[1] ?? '']
  if (!path.startsWith(`${basePath}/`) || kind === undefined) return 404
  const id = found?.[2] === undefined ? null : decodeURIComponent(found[2])
  const operation = (id === null ? onList : onOne)[method]
  // Users are changed by PUT only (reference 6.2).
  if (operation === undefined || (operation === 'patch' && kind === 'user')) return 405
  return { operation, kind, id }
}

/**
 * Names of a call, for the request log and for rules: `operation` (`list`, `read`, `find`, `create`, `replace`,
 * `patch`, `delete`), `kind`, `access` (`read`, `write`), `id`, and the `address` of a find or of the body.
 */
export function tagsOf(route: Route | 404 | 405, query: URLSearchParams, body: unknown): Tags {
  if (typeof route === 'number') return { operation: 'unknown' }
  const filtered = /"([^"]*)"/.exec(query.get('filter') ?? '')?.[1]
  const address = filtered ?? addressIn(body)
  return {
    operation: filtered === undefined ? route.operation : 'find',
    kind: route.kind,
    access: route.operation === 'list' || route.operation === 'read' ? 'read' : 'write',
    ...(route.id !== null && { id: route.id }),
    ...(address !== undefined && { address }),
  }
}

function addressIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const named = Object.entries(body).find(([name]) => name === 'userName' || name === 'externalId')
  return typeof named?.[1] === 'string' ? named[1] : undefined
}
