import type { TokenRights } from '../ports.ts'
import { type Finding, ok, unknown } from './findings.ts'
import type { NeededRight } from './needed-rights.ts'
import { compareRights, type GrantedRights, titleOf } from './rights.ts'

/**
 * What the tokens of the identity show: another tenant, rights that are missing, rights that are not needed. Where a
 * token cannot be read, nothing is concluded.
 */
export function identityFinding(granted: GrantedRights, tenantId: string): Finding {
  const tokens = [granted.exchange, granted.graph].filter((token) => token !== null)
  const foreign = tokens.find((token) => token.tenantId !== null && token.tenantId !== tenantId)
  if (foreign !== undefined) return foreignTenant(foreign, tenantId)
  const { missing, superfluous, unknown: unread } = compareRights(granted)
  if (missing.length > 0) return missingRights(missing, tokens)
  if (superfluous.length > 0) return tooManyRights(superfluous)
  if (unread.length === 0) {
    return ok('The managed identity gives tokens, and has exactly the rights that are needed.')
  }
  const names = unread.map(titleOf).join(', ')
  return unknown(
    `The managed identity gives tokens that cannot be read, so that it is not known whether they carry ${names}. The checks exchange and graph try what can be tried.`,
  )
}

function foreignTenant({ tenantId: actual }: TokenRights, tenantId: string): Finding {
  return {
    status: 'failing',
    message: `The managed identity belongs to the tenant ${actual}, and CLOUD_SYNC__TENANT_ID names ${tenantId}.`,
    remedy:
      'Correct CLOUD_SYNC__TENANT_ID, or deploy the app into a subscription of the tenant whose mailboxes are to be read.',
  }
}

function missingRights(missing: readonly NeededRight[], tokens: readonly TokenRights[]): Finding {
  const reasons = missing.map((right) => `${titleOf(right)} (${right.reason})`).join('; ')
  return {
    status: 'failing',
    message: `The managed identity lacks ${reasons}.`,
    remedy: grantRemedy(
      missing,
      tokens.find(({ principalId }) => principalId !== null),
    ),
  }
}

/** How rights are granted; the identity is named where its token names it. */
export function grantRemedy(missing: readonly NeededRight[], token?: TokenRights): string {
  const principal = token?.principalId ?? '<object id of the identity>'
  return `As a Global Administrator run \`npm run grant -- --principal-id ${principal}\`: it grants ${missing.map(titleOf).join(', ')}. A token is kept for up to a day, so that a new right may take as long to work.`
}

function tooManyRights(superfluous: readonly string[]): Finding {
  return {
    status: 'warning',
    message: `The managed identity has rights that Cloud Sync does not need: ${superfluous.join(', ')}.`,
    remedy:
      'Run `npm run grant` to be sure that what is needed is there, then take these rights away in Entra: app roles under Enterprise applications > the identity > Permissions, roles under Roles and administrators.',
  }
}
