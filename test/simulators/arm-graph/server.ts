/**
 * The write side of Microsoft Graph that grants rights to an identity: service principals, app role assignments,
 * assignments of Entra roles. Its quirks: what is new is not on every replica yet, and what is there already is a 400.
 */
import { type Answer, type Call, jsonAnswer } from '../shared/call.ts'
import { type SimulatorServer, startServer } from '../shared/server.ts'
import { DirectoryOfRights } from './directory.ts'

export interface GraphWriteOptions {
  /** The one token that is taken. */
  readonly token: string
  /** Rows on a page of a list. */
  readonly pageSize: number
  /** Calls about the identity that are answered 404, as long as it is new. */
  replicationMisses: number
  /** Reads of a list that do not show what was added last. */
  staleReads: number
  /** Whether the token is that of an administrator who may grant. */
  isAdministrator: boolean
}

export interface GraphWriteSimulator extends SimulatorServer {
  readonly directory: DirectoryOfRights
  readonly options: GraphWriteOptions
}

export async function startGraphWrite(
  given: Partial<GraphWriteOptions> = {},
): Promise<GraphWriteSimulator> {
  const directory = new DirectoryOfRights()
  const options: GraphWriteOptions = {
    token: 'token-of-an-administrator',
    pageSize: 2,
    replicationMisses: 0,
    staleReads: 0,
    isAdministrator: true,
    ...given,
  }
  const server = await startServer({ handle: (call) => answer(call, directory, options) })
  return { ...server, directory, options }
}

function answer(call: Call, directory: DirectoryOfRights, options: GraphWriteOptions): Answer {
  if (call.headers.authorization !== `Bearer ${options.token}`) {
    return graphError(401, 'InvalidAuthenticationToken', 'Access token is empty or invalid.')
  }
  const path = decodeURIComponent(call.path).replace(/^\/v1\.0/, '')
  const byAppId = /^\/servicePrincipals\(appId='([^']+)'\)$/.exec(path)
  if (byAppId) return principal(directory, ({ appId }) => appId === byAppId[1])
  const [, , id = '', collection, assignment] = path.split('/')
  if (path.startsWith('/servicePrincipals/')) {
    if (options.replicationMisses > 0) {
      options.replicationMisses -= 1
      return notFound(id)
    }
    if (collection === undefined) return principal(directory, (each) => each.id === id)
    return assignments(call, directory, options, 'appRoles', assignment)
  }
  if (path.startsWith('/roleManagement/directory/roleAssignments')) {
    return assignments(call, directory, options, 'roles', path.split('/')[4])
  }
  return notFound(path)
}

function principal(
  directory: DirectoryOfRights,
  isIt: (each: DirectoryOfRights['principals'][number]) => boolean,
): Answer {
  const found = directory.principals.find(isIt)
  return found === undefined ? notFound('service principal') : jsonAnswer(200, found)
}

function assignments(
  call: Call,
  directory: DirectoryOfRights,
  options: GraphWriteOptions,
  kind: 'appRoles' | 'roles',
  id: string | undefined,
): Answer {
  if (call.method === 'GET') return page(call, directory[kind], options)
  if (!options.isAdministrator) {
    const text = 'Insufficient privileges to complete the operation.'
    return graphError(403, 'Authorization_RequestDenied', text)
  }
  if (call.method === 'DELETE') {
    return directory.remove(id ?? '') ? { status: 204 } : notFound(id ?? '')
  }
  return kind === 'appRoles' ? addAppRole(call, directory) : addRole(call, directory)
}

function page(call: Call, all: readonly object[], options: GraphWriteOptions): Answer {
  let visible = all
  if (options.staleReads > 0) {
    options.staleReads -= 1
    visible = all.slice(0, -1)
  }
  const from = Number(call.query.get('$skiptoken') ?? 0)
  const to = from + options.pageSize
  const next = new URL(call.path, call.origin)
  next.searchParams.set('$skiptoken', String(to))
  return jsonAnswer(200, {
    value: visible.slice(from, to),
    ...(to < visible.length && { '@odata.nextLink': next.href }),
  })
}

function addAppRole(call: Call, directory: DirectoryOfRights): Answer {
  const { principalId, resourceId, appRoleId } = call.body as Record<string, string>
  if (!principalId || !resourceId || !appRoleId) {
    return graphError(400, 'Request_BadRequest', 'A required property is missing.')
  }
  const added = directory.addAppRole({ principalId, resourceId, appRoleId })
  if (added !== null) return jsonAnswer(201, added)
  const text = 'Permission being assigned already exists on the object'
  return graphError(400, 'Request_BadRequest', text)
}

function addRole(call: Call, directory: DirectoryOfRights): Answer {
  const { principalId, roleDefinitionId, directoryScopeId } = call.body as Record<string, string>
  if (!principalId || !roleDefinitionId || directoryScopeId !== '/') {
    return graphError(400, 'Request_BadRequest', 'A required property is missing.')
  }
  const added = directory.addRole({ principalId, roleDefinitionId, directoryScopeId })
  if (added !== null) return jsonAnswer(201, added)
  const text =
    'A conflicting object with one or more of the specified property values is present in the directory.'
  return graphError(400, 'Request_BadRequest', text)
}

function notFound(id: string): Answer {
  const text = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`
  return graphError(404, 'Request_ResourceNotFound', text)
}

function graphError(status: number, code: string, message: string): Answer {
  return jsonAnswer(status, { error: { code, message } })
}
