import { type Answer, jsonAnswer } from '../../shared/call.ts'
import { CursorStore, firstPage, type Position, slicePage } from '../paging.ts'
import type { GraphSettings, Rights } from '../settings.ts'
import { audiences } from '../token-authority.ts'
import {
  type DirectoryObject,
  defaultProperties,
  type ObjectType,
  propertyNames,
} from './directory-object.ts'
import { badRequest, GraphFailure } from './errors.ts'
import { parseFilter } from './filter.ts'
import { mayRead } from './rights.ts'

/** One GET, sent alone or as an item of a batch. */
export interface GraphRequest {
  /** Path below `/v1.0`, decoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly consistencyLevel: string
  /** `…/v1.0` as called, for next links. */
  readonly calledBase: string
  readonly rights: Rights
}

/** What a collection holds; `'mixed'` = directory objects of several types, each row with its `@odata.type`. */
export interface Collection {
  readonly of: ObjectType | 'mixed'
  readonly objects: readonly DirectoryObject[]
}

interface Cursor {
  readonly path: string
  readonly of: Collection['of']
  readonly objects: readonly DirectoryObject[]
  readonly position: Position
  readonly size: number
  readonly select: readonly string[] | null
}

/** Answers collections page by page. */
export class CollectionPager {
  readonly #settings: GraphSettings
  readonly #cursors = new CursorStore<Cursor>()

  constructor(settings: GraphSettings) {
    this.#settings = settings
  }

  /** @throws GraphFailure */
  answer(request: GraphRequest, load: () => Collection): Answer {
    const token = request.query.get('$skiptoken')
    const cursor = token === null ? this.#begin(request, load()) : this.#continue(token, request)
    const { rows, next } = slicePage(cursor.objects, cursor.position, cursor.size, this.#settings)
    const count = request.query.get('$count') === 'true' && isAdvanced(request)
    return jsonAnswer(200, {
      '@odata.context': contextOf(cursor),
      ...(count && token === null ? { '@odata.count': cursor.objects.length } : {}),
      ...(next === null ? {} : { '@odata.nextLink': this.#nextLink(cursor, next, request) }),
      value: rows.map((object) => row(object, cursor, request.rights)),
    })
  }

  #begin(request: GraphRequest, collection: Collection): Cursor {
    const { query, path } = request
    const filter = query.get('$filter')
    const properties = collection.of === 'mixed' ? propertyNames.user : propertyNames[collection.of]
    const objects =
      filter === null
        ? collection.objects
        : collection.objects.filter(
            parseFilter(filter, { properties, isAdvanced: isAdvanced(request) }),
          )
    return {
      path,
      of: collection.of,
      objects,
      position: firstPage,
      size: pageSize(query.get('$top'), this.#settings),
      select: selected(query.get('$select'), collection.of),
    }
  }

  #continue(token: string, { path }: GraphRequest): Cursor {
    const cursor = this.#cursors.get(token, this.#settings.pageTokenSeconds)
    if (cursor === null || cursor.path !== path) {
      throw new GraphFailure(
        400,
        'Directory_ExpiredPageToken',
        'The specified page token value has expired and can no longer be included in your request.',
      )
    }
    return cursor
  }

  #nextLink(cursor: Cursor, position: Position, request: GraphRequest): string {
    const { nextLinks } = this.#settings
    const own = request.query.get('$skiptoken')
    const repeats = nextLinks === 'repeated' && own !== null
    const query = new URLSearchParams(request.query)
    query.set('$skiptoken', repeats ? own : this.#cursors.open({ ...cursor, position }))
    const base =
      nextLinks === 'public'
        ? `${audiences.graph}/v1.0`
        : nextLinks === 'foreign'
          ? 'https://fabrikam.example/v1.0'
          : request.calledBase
    // Graph leaves the dollar signs as they are.
    return `${base}${encodeURI(request.path)}?${query.toString().replaceAll('%24', '$')}`
  }
}

/** A query that may count, negate and cast (reference 5.2). */
export function isAdvanced({ consistencyLevel, query }: GraphRequest): boolean {
  return consistencyLevel.toLowerCase() === 'eventual' && query.get('$count') === 'true'
}

/** `$select` of a collection or of one object. @throws GraphFailure for a property that the type does not have */
export function selected(select: string | null, of: Collection['of']): readonly string[] | null {
  if (select === null) return null
  const names = select.split(',').map((name) => name.trim())
  const stranger = names.find((name) => of !== 'mixed' && !propertyNames[of].includes(name))
  if (stranger === undefined) return names
  throw badRequest(`Could not find a property named '${stranger}' on type 'microsoft.graph.${of}'.`)
}

/**
 * One row. Of an object that the app may not read, only type and id are told and everything else is `null`, with
 * status 200 all the same (reference 5.2).
 */
export function row(
  object: DirectoryObject,
  { of, select }: Pick<Cursor, 'of' | 'select'>,
  rights: Rights,
): Record<string, unknown> {
  const result: Record<string, unknown> =
    of === 'mixed' ? { '@odata.type': `#microsoft.graph.${object.type}` } : {}
  const isReadable = mayRead(rights, object.type)
  for (const name of select ?? defaultProperties[object.type]) {
    const value = object.read(name)
    if (name === 'id') result['id'] = object.id
    else if (value !== undefined) result[name] = isReadable ? value : null
  }
  result['id'] ??= object.id
  return result
}

const contextTypes: Readonly<Record<Collection['of'], string>> = {
  mixed: 'directoryObjects',
  user: 'users',
  group: 'groups',
  orgContact: 'contacts',
  device: 'devices',
  servicePrincipal: 'servicePrincipals',
}

/** `@odata.context` of a collection, or with a suffix of one entity. */
export function contextOf({ of, select }: Pick<Cursor, 'of' | 'select'>, suffix = ''): string {
  const columns = select === null ? '' : `(${select.join(',')})`
  return `${audiences.graph}/v1.0/$metadata#${contextTypes[of]}${columns}${suffix}`
}

function pageSize(top: string | null, settings: GraphSettings): number {
  if (top === null) return Math.min(settings.defaultPageSize, settings.maxPageSize)
  const size = Number(top)
  if (!Number.isInteger(size) || size < 1 || size > 999) {
    throw badRequest(`Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`)
  }
  return Math.min(size, settings.maxPageSize)
}
