import type { GrantedRights } from '../../core/health/rights.ts'
import type { TokenRights } from '../../core/ports.ts'

export const tenantId = '11111111-2222-4333-8444-555555555555'
export const globalReader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'

function token(part: Partial<TokenRights>): TokenRights {
  const none = { appRoles: [], directoryRoles: [], tenantId, principalId: null }
  return { ...none, directoryRoles: [globalReader], ...part }
}

/** Tokens with exactly what is needed. */
export const exactRights: GrantedRights & { exchange: TokenRights; graph: TokenRights } = {
  exchange: token({ appRoles: ['Exchange.ManageAsApp'] }),
  graph: token({ appRoles: ['GroupMember.Read.All', 'User.Read.All', 'Member.Read.Hidden'] }),
}
