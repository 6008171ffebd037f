/** Tenants of a few mailboxes, for tests in which every one of them matters. */
import { addGroup, grantFullAccess } from '../simulators/tenant/group-mutations.ts'
import { proxyAddresses } from '../simulators/tenant/mailbox-mutations.ts'
import type { TenantGroup, TenantMailbox } from '../simulators/tenant/model.ts'
import { aTenantGroup, aTenantMailbox } from '../simulators/tenant/sample-tenant.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'
import type { AccountSeed } from '../simulators/zivver/account.ts'

const domain = 'contoso.example'
export const includedDomains = [domain]

interface MailboxWish extends Partial<TenantMailbox> {
  /** Local parts or addresses. */
  readonly aliases?: readonly string[]
}

/** A tenant that is filled by name: `anna` is `anna@contoso.example`. */
export class SmallTenant {
  readonly tenant = new Tenant()
  #number = 0

  /** Adds user mailboxes. */
  users(...names: string[]): this {
    for (const name of names) this.add(name)
    return this
  }

  /** Adds shared mailboxes. */
  shared(...names: string[]): this {
    for (const name of names) this.add(name, { recipientTypeDetails: 'SharedMailbox' })
    return this
  }

  /** Adds one mailbox: a user's unless told otherwise, called as its local part. */
  add(name: string, { aliases = [], ...wish }: MailboxWish = {}): TenantMailbox {
    this.#number += 1
    const primary = addressOf(name)
    const emailAddresses = proxyAddresses(primary, aliases.map(addressOf), [])
    const mailbox = aTenantMailbox(this.#number, primary, { emailAddresses, ...wish })
    this.tenant.addMailbox(mailbox)
    return mailbox
  }

  /** Adds a group whose members are mailboxes or groups. */
  group(
    displayName: string,
    members: readonly (TenantMailbox | TenantGroup)[],
    properties: Partial<TenantGroup> = {},
  ): TenantGroup {
    this.#number += 1
    const group = aTenantGroup(this.#number, displayName, {
      members: members.map(idOf),
      ...properties,
    })
    return addGroup(this.tenant, group)
  }

  get(name: string): TenantMailbox {
    return this.tenant.mailbox(addressOf(name))
  }

  /** Gives trustees Full Access to a mailbox. */
  grant(name: string, ...trustees: (string | TenantGroup)[]): this {
    for (const trustee of trustees) {
      const id = typeof trustee === 'string' ? idOf(this.get(trustee)) : trustee.id
      grantFullAccess(this.tenant, this.get(name), id)
    }
    return this
  }

  /** Accounts that agree with all mailboxes, as a first sync would have left them. */
  accounts(): AccountSeed[] {
    return [...this.tenant.mailboxes.values()].map((mailbox) => accountOf(mailbox))
  }
}

/** The account that agrees with a mailbox without delegates; some of it may be given otherwise. */
export function accountOf(mailbox: TenantMailbox, part: Partial<AccountSeed> = {}): AccountSeed {
  const { primarySmtpAddress: address, displayName, externalDirectoryObjectId } = mailbox
  const isShared = mailbox.recipientTypeDetails === 'SharedMailbox'
  return {
    kind: isShared ? 'functional' : 'user',
    address,
    displayName,
    externalAccountId: externalDirectoryObjectId,
    ssoAccountKey: isShared ? null : externalDirectoryObjectId,
    ...part,
  }
}

/** `anna` → `anna@contoso.example`; an address stays as it is. */
export function addressOf(name: string): string {
  return name.includes('@') ? name : `${name}@${domain}`
}

const idOf = (object: TenantMailbox | TenantGroup): string =>
  'externalDirectoryObjectId' in object ? object.externalDirectoryObjectId : object.id
