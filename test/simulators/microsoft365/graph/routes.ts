import * as z from 'zod'
import { type Answer, jsonAnswer, textAnswer } from '../../shared/call.ts'
import type { TenantGroup } from '../../tenant/model.ts'
import type { Tenant } from '../../tenant/tenant.ts'
import type { GraphSettings } from '../settings.ts'
import {
  type Collection,
  CollectionPager,
  contextOf,
  type GraphRequest,
  isAdvanced,
  row,
  selected,
} from './collection.ts'
import {
  type DirectoryObject,
  findObject,
  listObjects,
  membersOf,
  type ObjectType,
  propertyNames,
} from './directory-object.ts'
import { badRequest, denied, missing } from './errors.ts'
import { parseFilter } from './filter.ts'
import { mayRead, mayReadHidden } from './rights.ts'

/** Collections at the root, and what they hold. */
const collections: Readonly<Record<string, ObjectType>> = {
  users: 'user',
  groups: 'group',
  contacts: 'orgContact',
}
const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const idsSchema = z.object({ ids: z.array(z.string()).max(1000) })

/** Finds out what a request is for, checks the rights for it, and answers. Every method throws GraphFailure. */
export class GraphRouter {
  readonly #tenant: Tenant
  readonly #settings: GraphSettings
  readonly #pager: CollectionPager

  constructor(tenant: Tenant, settings: GraphSettings) {
    this.#tenant = tenant
    this.#settings = settings
    this.#pager = new CollectionPager(settings)
  }

  answer(method: string, body: unknown, request: GraphRequest): Answer {
    const [root = '', id, relation, ...rest] = request.path.split('/').slice(1)
    if (method === 'POST' && request.path === '/directoryObjects/getByIds') {
      return this.#getByIds(body, request)
    }
    if (method !== 'GET') throw badRequest(`${method} is not supported here.`)
    const type = collections[root]
    if (root === 'directoryObjects' && id !== undefined) return this.#entity(id, 'mixed', request)
    if (type === undefined) throw badRequest(`Resource not found for the segment '${root}'.`)
    if (id === undefined) return this.#list(type, request)
    if (id === '$count') return this.#count(this.#collection(type, request), request)
    if (relation === undefined) return this.#entity(id, type, request)
    const depth = { members: 'direct', transitiveMembers: 'transitive' } as const
    if (type === 'group' && relation in depth) {
      return this.#members(id, depth[relation as keyof typeof depth], rest, request)
    }
    throw badRequest(`Resource not found for the segment '${relation}'.`)
  }

  #list(type: ObjectType, request: GraphRequest): Answer {
    return this.#pager.answer(request, () => this.#collection(type, request))
  }

  #collection(type: ObjectType, { rights }: GraphRequest): Collection {
    if (!mayRead(rights, type)) throw denied()
    return { of: type, objects: listObjects(this.#tenant, type) }
  }

  /** `GET …/$count`: a bare number as text, an advanced query. */
  #count({ of, objects }: Collection, request: GraphRequest): Answer {
    if (request.consistencyLevel.toLowerCase() !== 'eventual') {
      throw badRequest('$count needs the header ConsistencyLevel: eventual.')
    }
    const filter = request.query.get('$filter')
    const properties = propertyNames[of === 'mixed' ? 'user' : of]
    const passes =
      filter === null ? () => true : parseFilter(filter, { properties, isAdvanced: true })
    return textAnswer(200, String(objects.filter(passes).length))
  }

  #entity(id: string, of: Collection['of'], request: GraphRequest): Answer {
    // Rights are looked at first: who may not ask is not told what exists.
    if (of !== 'mixed' && !mayRead(request.rights, of)) throw denied()
    const object = this.#find(id, of)
    if (object === null) throw missing(id)
    if (!mayRead(request.rights, object.type)) throw denied()
    const shape = { of, select: selected(request.query.get('$select'), of) }
    const context = contextOf(shape, '/$entity')
    return jsonAnswer(200, { '@odata.context': context, ...row(object, shape, request.rights) })
  }

  #find(id: string, of: Collection['of']): DirectoryObject | null {
    if (of === 'user' && id.includes('@')) return this.#findByUpn(id)
    if (!guidPattern.test(id)) throw badRequest(`Invalid object identifier '${id}'.`)
    const object = findObject(this.#tenant, id.toLowerCase())
    return object === null || (of !== 'mixed' && object.type !== of) ? null : object
  }

  #findByUpn(upn: string): DirectoryObject | null {
    const key = upn.toLowerCase()
    const isCalledSo = (user: { userPrincipalName: string | null }) =>
      user.userPrincipalName?.toLowerCase() === key
    for (const recipient of this.#tenant.findRecipients(upn)) {
      if (recipient.kind !== 'mailbox' || !isCalledSo(recipient.mailbox)) continue
      return findObject(this.#tenant, recipient.mailbox.externalDirectoryObjectId)
    }
    const other = [...this.#tenant.objects.values()].find(isCalledSo)
    return other === undefined ? null : findObject(this.#tenant, other.id)
  }

  /** `/groups/{id}/members` and `/transitiveMembers`, with a cast and `/$count` behind it. */
  #members(
    id: string,
    depth: 'direct' | 'transitive',
    rest: readonly string[],
    request: GraphRequest,
  ): Answer {
    const cast = rest.find((segment) => segment !== '$count')
    const of = castType(cast)
    const load = (): Collection => {
      const members = this.#visibleMembers(this.#group(id, request), depth, request)
      return { of, objects: of === 'mixed' ? members : members.filter(({ type }) => type === of) }
    }
    if (rest.includes('$count')) return this.#count(load(), request)
    if (of !== 'mixed' && request.query.has('$filter') && !isAdvanced(request)) {
      throw badRequest('A filter on a cast needs ConsistencyLevel: eventual and $count=true.')
    }
    return this.#pager.answer(request, load)
  }

  #group(id: string, { rights }: GraphRequest): TenantGroup {
    if (!guidPattern.test(id)) throw badRequest(`Invalid object identifier '${id}'.`)
    if (!mayRead(rights, 'group')) throw denied()
    const group = this.#tenant.groups.get(id.toLowerCase())
    if (group === undefined || group.exchangeOnly) throw missing(id)
    return group
  }

  #visibleMembers(group: TenantGroup, depth: 'direct' | 'transitive', { rights }: GraphRequest) {
    if (group.visibility === 'HiddenMembership' && !mayReadHidden(rights)) {
      if (this.#settings.hiddenMembership === 'forbidden') throw denied()
      return []
    }
    return membersOf(this.#tenant, group, depth)
  }

  #getByIds(body: unknown, request: GraphRequest): Answer {
    const parsed = idsSchema.safeParse(body)
    if (!parsed.success) throw badRequest('ids must hold at most 1000 texts.')
    const objects = parsed.data.ids.map((id) => findObject(this.#tenant, id.toLowerCase()))
    const shape = { of: 'mixed', select: null } as const
    const rows = objects.filter((object) => object !== null)
    return jsonAnswer(200, {
      '@odata.context': contextOf(shape),
      value: rows.map((object) => row(object, shape, request.rights)),
    })
  }
}

function castType(segment: string | undefined): Collection['of'] {
  if (segment === undefined) return 'mixed'
  const name = segment.replace(/^microsoft\.graph\./, '')
  const type = (['user', 'group', 'orgContact', 'device'] as const).find((known) => known === name)
  if (type === undefined) throw badRequest(`Resource not found for the segment '${segment}'.`)
  return type
}
