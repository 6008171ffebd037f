/** What administrators do to mailboxes between two runs. Every function changes the tenant in place. */
import type { Random } from '../shared/random.ts'
import type { MailboxType, TenantMailbox, TenantObject } from './model.ts'
import { smtpAddresses, type Tenant } from './tenant.ts'

/**
 * A new primary address; the old one stays as an alias, as Exchange keeps it, unless told otherwise. Here and below
 * a UPN that was equal to the primary address follows it: Entra allows no UPN that is somebody else's address.
 */
export function renameMailbox(
  tenant: Tenant,
  mailbox: TenantMailbox,
  primary: string,
  options: { readonly keepOldAsAlias?: boolean } = {},
): void {
  const kept = (options.keepOldAsAlias ?? true) ? smtpAddresses(mailbox.emailAddresses) : []
  const aliases = kept.filter((address) => address !== primary.toLowerCase())
  setAddresses(tenant, mailbox, primary, aliases)
}

/** Two mailboxes exchange their primary addresses; each keeps its aliases. */
export function swapAddresses(tenant: Tenant, left: TenantMailbox, right: TenantMailbox): void {
  rotateAddresses(tenant, [left, right])
}

/** Each mailbox gets the primary address of the next one, the last that of the first (a cycle). */
export function rotateAddresses(tenant: Tenant, mailboxes: readonly TenantMailbox[]): void {
  const before = mailboxes.map((mailbox) => ({
    primary: mailbox.primarySmtpAddress,
    aliases: aliasesOf(mailbox),
  }))
  for (const [at, mailbox] of mailboxes.entries()) {
    const next = before[(at + 1) % before.length]
    if (next === undefined) return
    setAddresses(tenant, mailbox, next.primary, before[at]?.aliases ?? [])
  }
}

/**
 * A chain: the first mailbox gets `free`, every next one the primary address that the one before it gave up.
 * Nobody keeps an old address.
 */
export function chainAddresses(
  tenant: Tenant,
  mailboxes: readonly TenantMailbox[],
  free: string,
): void {
  let given = free
  for (const mailbox of mailboxes) {
    const own = mailbox.primarySmtpAddress
    const aliases = aliasesOf(mailbox).filter((address) => address !== given.toLowerCase())
    setAddresses(tenant, mailbox, given, aliases)
    given = own
  }
}

export function addAlias(tenant: Tenant, mailbox: TenantMailbox, alias: string): void {
  setAddresses(tenant, mailbox, mailbox.primarySmtpAddress, [...aliasesOf(mailbox), alias])
}

export function removeAlias(tenant: Tenant, mailbox: TenantMailbox, alias: string): void {
  const rest = aliasesOf(mailbox).filter((address) => address !== alias.toLowerCase())
  setAddresses(tenant, mailbox, mailbox.primarySmtpAddress, rest)
}

/** An alias passes from one mailbox to another. */
export function moveAlias(
  tenant: Tenant,
  from: TenantMailbox,
  to: TenantMailbox,
  alias: string,
): void {
  removeAlias(tenant, from, alias)
  addAlias(tenant, to, alias)
}

export function setDisplayName(tenant: Tenant, mailbox: TenantMailbox, displayName: string): void {
  mailbox.displayName = displayName
  changed(tenant, mailbox)
}

/** Sign-in of the user behind the mailbox is blocked. */
export function disableMailbox(tenant: Tenant, mailbox: TenantMailbox): void {
  mailbox.accountDisabled = true
  changed(tenant, mailbox)
}

export function enableMailbox(tenant: Tenant, mailbox: TenantMailbox): void {
  mailbox.accountDisabled = false
  changed(tenant, mailbox)
}

/**
 * The mailbox goes. By default the user goes too: it leaves its groups, and permission entries for it become
 * orphans. With `keepUser` only the licence is taken: the user stays in Entra, without a mailbox.
 */
export function deleteMailbox(
  tenant: Tenant,
  mailbox: TenantMailbox,
  options: { readonly keepUser?: boolean } = {},
): void {
  tenant.removeMailbox(mailbox)
  tenant.softDeleted.set(mailbox.exchangeGuid, mailbox)
  const id = mailbox.externalDirectoryObjectId
  if (options.keepUser ?? false) tenant.objects.set(id, userWithoutMailbox(mailbox))
  else for (const group of tenant.groups.values()) removeId(group.members, id)
}

/** A soft-deleted mailbox comes back with the same identifier (group memberships do not). */
export function restoreMailbox(tenant: Tenant, mailbox: TenantMailbox): void {
  tenant.softDeleted.delete(mailbox.exchangeGuid)
  tenant.objects.delete(mailbox.externalDirectoryObjectId)
  tenant.addMailbox(mailbox)
}

/**
 * The mailbox is deleted and made again: new ids at the same addresses, no permission entries.
 * @param displayName another person's name, when the address is given to somebody else
 */
export function recreateMailbox(
  tenant: Tenant,
  mailbox: TenantMailbox,
  random: Random,
  displayName: string = mailbox.displayName,
): TenantMailbox {
  deleteMailbox(tenant, mailbox)
  tenant.softDeleted.delete(mailbox.exchangeGuid)
  const id = random.guid()
  const again: TenantMailbox = {
    ...mailbox,
    externalDirectoryObjectId: id,
    exchangeGuid: random.guid(),
    guid: random.guid(),
    name: id,
    displayName,
    emailAddresses: [...mailbox.emailAddresses],
    whenMailboxCreated: mailbox.whenChanged,
    rid: tenant.takeRid(),
    permissions: [],
  }
  tenant.addMailbox(again)
  return again
}

/** `Set-Mailbox -Type`: the same object becomes another kind; a shared mailbox's account is disabled. */
export function convertMailbox(tenant: Tenant, mailbox: TenantMailbox, type: MailboxType): void {
  mailbox.recipientTypeDetails = type
  mailbox.accountDisabled = type !== 'UserMailbox'
  changed(tenant, mailbox)
}

/** Secondary SMTP addresses, lower case. */
export function aliasesOf(mailbox: TenantMailbox): string[] {
  const primary = mailbox.primarySmtpAddress.toLowerCase()
  return smtpAddresses(mailbox.emailAddresses).filter((address) => address !== primary)
}

/** Proxy addresses as Exchange lists them, from one primary, the aliases and what is not SMTP. */
export function proxyAddresses(
  primary: string,
  aliases: readonly string[],
  other: readonly string[],
): string[] {
  return [...aliases.map((alias) => `smtp:${alias}`), ...other, `SMTP:${primary}`]
}

function setAddresses(
  tenant: Tenant,
  mailbox: TenantMailbox,
  primary: string,
  aliases: readonly string[],
): void {
  const other = mailbox.emailAddresses.filter((proxy) => !/^smtp:/i.test(proxy))
  const { userPrincipalName, primarySmtpAddress } = mailbox
  if (userPrincipalName.toLowerCase() === primarySmtpAddress.toLowerCase()) {
    mailbox.userPrincipalName = primary
  }
  mailbox.primarySmtpAddress = primary
  mailbox.emailAddresses = proxyAddresses(primary, [...new Set(aliases)], other)
  changed(tenant, mailbox)
}

function changed(tenant: Tenant, mailbox: TenantMailbox): void {
  const later = Date.parse(mailbox.whenChanged) + 60_000
  mailbox.whenChanged = new Date(later).toISOString()
  tenant.touch()
}

function userWithoutMailbox(mailbox: TenantMailbox): TenantObject {
  return {
    id: mailbox.externalDirectoryObjectId,
    type: 'user',
    displayName: mailbox.displayName,
    mail: null,
    userPrincipalName: mailbox.userPrincipalName,
    accountEnabled: !mailbox.accountDisabled,
    userType: 'Member',
    proxyAddresses: [],
    rid: mailbox.rid,
  }
}

function removeId(ids: string[], id: string): void {
  const at = ids.indexOf(id)
  if (at >= 0) ids.splice(at, 1)
}
