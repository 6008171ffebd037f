/** What the simulated tenant knows about identities and their rights. */
import { randomUUID } from 'node:crypto'

export interface ServicePrincipal {
  readonly id: string
  readonly appId: string
  readonly displayName: string
  readonly appRoles: readonly { readonly id: string; readonly value: string }[]
}

export interface AppRoleAssignment {
  readonly id: string
  readonly principalId: string
  readonly resourceId: string
  readonly resourceDisplayName: string
  readonly appRoleId: string
}

export interface RoleAssignment {
  readonly id: string
  readonly principalId: string
  readonly roleDefinitionId: string
  readonly directoryScopeId: string
}

export const identityId = 'aaaaaaaa-0000-4000-8000-000000000001'

/** The roles that Microsoft gives these two APIs, some of them. */
const exchange: ServicePrincipal = {
  id: 'bbbbbbbb-0000-4000-8000-000000000001',
  appId: '00000002-0000-0ff1-ce00-000000000000',
  displayName: 'Office 365 Exchange Online',
  appRoles: [
    { id: 'dc50a0fb-09a3-484d-be87-e023b12c6440', value: 'Exchange.ManageAsApp' },
    { id: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40', value: 'full_access_as_app' },
  ],
}

const graph: ServicePrincipal = {
  id: 'bbbbbbbb-0000-4000-8000-000000000002',
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  appRoles: [
    { id: '98830695-27a2-44f7-8c18-0c3ebc9698f6', value: 'GroupMember.Read.All' },
    { id: 'df021288-bdef-4463-88db-98f22de89214', value: 'User.Read.All' },
    { id: '658aa5d8-239f-45c4-aa12-864f4fc7e490', value: 'Member.Read.Hidden' },
    { id: '741f803b-c850-494e-b5df-cde7c675a1ca', value: 'User.ReadWrite.All' },
  ],
}

export class DirectoryOfRights {
  readonly principals: readonly ServicePrincipal[] = [
    exchange,
    graph,
    { id: identityId, appId: randomUUID(), displayName: 'cloudsync-fabrikam', appRoles: [] },
  ]
  readonly appRoles: AppRoleAssignment[] = []
  readonly roles: RoleAssignment[] = []

  /** The names of what the identity may do: app roles by value, Entra roles by template id; sorted. */
  held(): string[] {
    const values = this.principals.flatMap(({ appRoles }) => appRoles)
    const names = this.appRoles.map(
      ({ appRoleId }) => values.find(({ id }) => id === appRoleId)?.value ?? appRoleId,
    )
    return [...names, ...this.roles.map(({ roleDefinitionId }) => roleDefinitionId)].sort()
  }

  /** Grants an app role as somebody else would have. */
  give(resource: string, value: string): void {
    const owner = this.principals.find(({ displayName }) => displayName === resource)
    const role = owner?.appRoles.find((each) => each.value === value)
    if (owner === undefined || role === undefined) throw new Error(`no ${value} on ${resource}`)
    this.addAppRole({ principalId: identityId, resourceId: owner.id, appRoleId: role.id })
  }

  /** @returns `null` when it is there already */
  addAppRole(
    wish: Pick<AppRoleAssignment, 'principalId' | 'resourceId' | 'appRoleId'>,
  ): AppRoleAssignment | null {
    const isThere = this.appRoles.some(
      ({ resourceId, appRoleId }) => resourceId === wish.resourceId && appRoleId === wish.appRoleId,
    )
    if (isThere) return null
    const resource = this.principals.find(({ id }) => id === wish.resourceId)
    const added = { id: randomUUID(), resourceDisplayName: resource?.displayName ?? '', ...wish }
    this.appRoles.push(added)
    return added
  }

  /** @returns `null` when it is there already */
  addRole(wish: Omit<RoleAssignment, 'id'>): RoleAssignment | null {
    if (this.roles.some(({ roleDefinitionId }) => roleDefinitionId === wish.roleDefinitionId)) {
      return null
    }
    const added = { id: randomUUID(), ...wish }
    this.roles.push(added)
    return added
  }

  /** @returns false when there is no such assignment */
  remove(id: string): boolean {
    for (const list of [this.appRoles, this.roles]) {
      const at = list.findIndex((each) => each.id === id)
      if (at >= 0) return list.splice(at, 1).length === 1
    }
    return false
  }
}
