import type { Random } from '../shared/random.ts'
import { uniqueNames } from './names.ts'
import type { Tenant } from './tenant.ts'

/** What a tenant is to look like. */
export interface BuildTenantOptions {
  readonly seed: number
  /** Mailboxes of all types together. */
  readonly mailboxes: number
  /** Shared mailboxes among them; about one in eight unless told. */
  readonly shared?: number
  /** The included domains, the first one used most. */
  readonly includedDomains?: readonly string[]
  /** How often awkward cases occur: 1 = as in real tenants (every case present from 100 mailboxes), 0 = none. */
  readonly awkward?: number
  /** Share of user mailboxes on which others have Full Access; 0.1 unless told. */
  readonly delegatedUsers?: number
  /** Share of mailboxes that Zivver already has an account for; 0.3 unless told. */
  readonly existingAccounts?: number
}

/** What the parts of the builder share. */
export interface BuildContext {
  readonly tenant: Tenant
  readonly random: Random
  readonly options: Required<BuildTenantOptions>
  readonly foreignDomain: string
  /** A local part or group nickname that nobody has yet. */
  readonly takeName: (wanted: string) => string
}

/** A domain of the tenant that is not synchronised. */
export const foreignDomain = 'fabrikam.example'

export function buildContext(
  tenant: Tenant,
  random: Random,
  options: BuildTenantOptions,
): BuildContext {
  const size = options.mailboxes
  const defaults = {
    shared: Math.max(2, Math.round(size * 0.12)),
    includedDomains: ['contoso.example', 'mail.contoso.example'],
    awkward: 1,
    delegatedUsers: 0.1,
    existingAccounts: 0.3,
  }
  return {
    tenant,
    random,
    options: { ...defaults, ...options },
    foreignDomain,
    takeName: uniqueNames(),
  }
}

/**
 * How many of `size` get a trait: the ratio, at least one in a tenant of 100 mailboxes or more, and by chance in a
 * smaller one.
 */
export function traitCount(context: BuildContext, size: number, ratio: number): number {
  const { awkward, mailboxes } = context.options
  const expected = size * ratio * awkward
  if (awkward === 0 || size === 0) return 0
  const drawn = Math.floor(expected) + (context.random.chance(expected % 1) ? 1 : 0)
  const least = mailboxes >= 100 || context.random.chance(0.3) ? 1 : 0
  return Math.min(size, Math.max(least, drawn))
}
