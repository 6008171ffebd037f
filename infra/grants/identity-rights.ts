/** What an identity may do in the tenant: read, grant, revoke. */
import * as z from 'zod'
import type {
  NeededAppRole,
  NeededDirectoryRole,
  NeededRight,
} from '../../core/health/needed-rights.ts'
import { type GraphApi, GraphRefusal } from './graph-api.ts'

export interface Identity {
  readonly id: string
  readonly displayName: string
}

/** A right that the identity has, and where it is removed. */
export interface HeldRight {
  /** `Exchange.ManageAsApp on Office 365 Exchange Online`, `Global Reader`. */
  readonly title: string
  readonly path: string
  /** `null` = Cloud Sync does not need it. */
  readonly needed: NeededRight | null
}

export interface Rights {
  readonly held: readonly HeldRight[]
  readonly missing: readonly NeededRight[]
}

const identitySchema = z.object({ id: z.string(), displayName: z.string() })
const resourceSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  appRoles: z.array(z.object({ id: z.string(), value: z.string().nullable() })),
})
const appRoleAssignmentSchema = z.object({
  id: z.string(),
  resourceId: z.string(),
  resourceDisplayName: z.string().nullable(),
  appRoleId: z.string(),
})
const roleAssignmentSchema = z.object({ id: z.string(), roleDefinitionId: z.string() })

type Resource = z.infer<typeof resourceSchema>

export function titleOf(right: NeededRight): string {
  return right.kind === 'appRole' ? `${right.name} on ${right.resource}` : right.name
}

/**
 * The identity by its object id.
 * @throws GraphRefusal 404 when there is none, also after two minutes (a new one has to reach every replica)
 */
export async function findIdentity(api: GraphApi, id: string): Promise<Identity> {
  const path = `/servicePrincipals/${encodeURIComponent(id)}?$select=id,displayName`
  return identitySchema.parse(await api.send({ method: 'GET', path, retryAt: [404] }))
}

/** Compares what the identity has with what is needed. */
export async function readRights(
  api: GraphApi,
  identity: Identity,
  needed: readonly NeededRight[],
): Promise<Rights> {
  const held = [
    ...(await readAppRoles(api, identity, needed.filter(isAppRole))),
    ...(await readDirectoryRoles(api, identity, needed.filter(isDirectoryRole))),
  ]
  const has = new Set(held.map((right) => right.needed))
  return { held, missing: needed.filter((right) => !has.has(right)) }
}

function isAppRole(right: NeededRight): right is NeededAppRole {
  return right.kind === 'appRole'
}

function isDirectoryRole(right: NeededRight): right is NeededDirectoryRole {
  return right.kind === 'directoryRole'
}

async function readAppRoles(
  api: GraphApi,
  { id }: Identity,
  needed: readonly NeededAppRole[],
): Promise<HeldRight[]> {
  const path = `/servicePrincipals/${id}/appRoleAssignments`
  const assignments = await api.list(path, appRoleAssignmentSchema)
  const known = await Promise.all(
    needed.map(async (right) => ({ right, ...(await findAppRole(api, right)) })),
  )
  return assignments.map((assignment) => {
    const match = known.find(
      ({ resource, appRoleId }) =>
        resource.id === assignment.resourceId && appRoleId === assignment.appRoleId,
    )
    const other = `app role ${assignment.appRoleId} on ${assignment.resourceDisplayName ?? assignment.resourceId}`
    return {
      title: match === undefined ? other : titleOf(match.right),
      path: `${path}/${assignment.id}`,
      needed: match?.right ?? null,
    }
  })
}

async function readDirectoryRoles(
  api: GraphApi,
  { id }: Identity,
  needed: readonly NeededDirectoryRole[],
): Promise<HeldRight[]> {
  const path = '/roleManagement/directory/roleAssignments'
  const filter = encodeURIComponent(`principalId eq '${id}'`)
  const assignments = await api.list(`${path}?$filter=${filter}`, roleAssignmentSchema)
  return assignments.map((assignment) => {
    const match = needed.find(({ templateId }) => templateId === assignment.roleDefinitionId)
    return {
      title: match?.name ?? `Entra role ${assignment.roleDefinitionId}`,
      path: `${path}/${assignment.id}`,
      needed: match ?? null,
    }
  })
}

/** The id of an app role is looked up by its name, in the tenant's own copy of the API. */
async function findAppRole(
  api: GraphApi,
  right: NeededAppRole,
): Promise<{ resource: Resource; appRoleId: string }> {
  const path = `/servicePrincipals(appId='${right.resourceAppId}')?$select=id,displayName,appRoles`
  const resource = resourceSchema.parse(await api.send({ method: 'GET', path }))
  const role = resource.appRoles.find(({ value }) => value === right.name)
  if (role === undefined) {
    throw new Error(`${resource.displayName} of this tenant has no app role ${right.name}`)
  }
  return { resource, appRoleId: role.id }
}

/** @returns `there` when somebody granted it meanwhile, or a list was read before it showed the right */
export async function grantRight(
  api: GraphApi,
  { id }: Identity,
  right: NeededRight,
): Promise<'granted' | 'there'> {
  try {
    await api.send({ method: 'POST', retryAt: [404], ...(await assignmentOf(api, id, right)) })
    return 'granted'
  } catch (error) {
    if (error instanceof GraphRefusal && isThereAlready(error)) return 'there'
    throw error
  }
}

async function assignmentOf(api: GraphApi, principalId: string, right: NeededRight) {
  if (right.kind === 'directoryRole') {
    return {
      path: '/roleManagement/directory/roleAssignments',
      body: {
        '@odata.type': '#microsoft.graph.unifiedRoleAssignment',
        principalId,
        roleDefinitionId: right.templateId,
        directoryScopeId: '/',
      },
    }
  }
  const { resource, appRoleId } = await findAppRole(api, right)
  return {
    path: `/servicePrincipals/${principalId}/appRoleAssignments`,
    body: { principalId, resourceId: resource.id, appRoleId },
  }
}

function isThereAlready({ status, message }: GraphRefusal): boolean {
  return (status === 400 || status === 409) && /already exists|conflicting object/i.test(message)
}

/** What is gone already is as good as removed. */
export async function revokeRight(api: GraphApi, { path }: HeldRight): Promise<void> {
  try {
    await api.send({ method: 'DELETE', path })
  } catch (error) {
    if (!(error instanceof GraphRefusal && error.status === 404)) throw error
  }
}
