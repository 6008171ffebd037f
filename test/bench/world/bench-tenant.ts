/**
 * Tenants for measuring: regular, so that what Zivver should hold is known without running the app, and of realistic
 * size per mailbox (proxy addresses of all kinds, permissions, groups).
 */
import type { Trustee } from '../../../core/model/mailbox.ts'
import type { MappingRow } from '../../../core/model/mapping.ts'
import type { StoredReading } from '../../../core/ports.ts'
import { createRandom, type Random } from '../../simulators/shared/random.ts'
import { addGroup, grantFullAccess } from '../../simulators/tenant/group-mutations.ts'
import { aliasesOf, proxyAddresses } from '../../simulators/tenant/mailbox-mutations.ts'
import type { PermissionEntry, TenantMailbox } from '../../simulators/tenant/model.ts'
import { localPart, personName, sharedName, uniqueNames } from '../../simulators/tenant/names.ts'
import { Tenant } from '../../simulators/tenant/tenant.ts'
import type { AccountSeed } from '../../simulators/zivver/account.ts'

export interface BenchTenantOptions {
  readonly mailboxes: number
  /** Shared mailboxes among them; a tenth unless told. */
  readonly shared?: number
  /** Groups that together hold every mailbox; one for each 50 mailboxes unless told. */
  readonly groups?: number
}

/** A tenant and what a first sync makes of it. */
export interface BenchTenant {
  readonly tenant: Tenant
  readonly includedDomains: readonly string[]
  /** Together they let every mailbox in. */
  readonly groupIds: readonly string[]
  /** How many of them have Full Access to some mailbox. */
  readonly trusteeGroups: number
}

const domain = 'contoso.example'
const peoplePerShared = 3
/** Every fourth shared mailbox is also open to a group. */
const groupEvery = 4
/** Every tenth user mailbox has a delegate. */
const delegateEvery = 10

/** The same options give the same tenant. */
export function buildBenchTenant(options: BenchTenantOptions): BenchTenant {
  const { mailboxes, shared = Math.round(mailboxes / 10) } = options
  const { groups = Math.ceil(mailboxes / 50) } = options
  const random = createRandom(1)
  const tenant = new Tenant({
    tenantId: random.guid(),
    initialDomain: 'contoso.onmicrosoft.example',
  })
  const takeName = uniqueNames()
  const all = Array.from({ length: mailboxes }, (_none, at) => {
    const isShared = at < shared
    const displayName = isShared ? `${sharedName(random)} ${at}` : personName(random)
    return aBenchMailbox(tenant, random, displayName, takeName(localPart(displayName)), isShared)
  })
  for (const mailbox of random.shuffle(all)) tenant.addMailbox(mailbox)
  const groupIds = addGroups(tenant, random, all, groups)
  grantAll(tenant, random, all.slice(0, shared), all.slice(shared), groupIds)
  const trusteeGroups = Math.min(groups, Math.ceil(shared / groupEvery))
  return { tenant, includedDomains: [domain], groupIds, trusteeGroups }
}

/** A mailbox of somebody new. */
export function aBenchMailbox(
  tenant: Tenant,
  random: Random,
  displayName: string,
  local: string,
  isShared = false,
): TenantMailbox {
  const id = random.guid()
  const primary = `${local}@${domain}`
  const aliases = [`${local}@${tenant.initialDomain}`]
  if (random.chance(0.3)) aliases.push(`${local}.also@${domain}`)
  const other = isShared ? [] : [`SIP:${primary}`, `SPO:SPO_${random.guid()}@SPO_${tenant.id}`]
  return {
    externalDirectoryObjectId: id,
    exchangeGuid: random.guid(),
    guid: random.guid(),
    name: id,
    alias: local,
    displayName,
    primarySmtpAddress: primary,
    emailAddresses: proxyAddresses(primary, aliases, other),
    userPrincipalName: isShared ? `${local}@${tenant.initialDomain}` : primary,
    recipientTypeDetails: isShared ? 'SharedMailbox' : 'UserMailbox',
    accountDisabled: isShared,
    hiddenFromAddressLists: false,
    isDirSynced: false,
    whenMailboxCreated: '2024-02-01T08:00:00.000Z',
    whenChanged: '2026-04-10T08:56:22.000Z',
    rid: tenant.takeRid(),
    permissions: [],
  }
}

function addGroups(
  tenant: Tenant,
  random: Random,
  all: readonly TenantMailbox[],
  count: number,
): string[] {
  const groups = Array.from({ length: count }, (_none, at) =>
    addGroup(tenant, {
      id: random.guid(),
      displayName: `Department ${at}`,
      mail: `department.${at}@${domain}`,
      mailNickname: `department.${at}`,
      mailEnabled: true,
      securityEnabled: true,
      groupTypes: [],
      proxyAddresses: [`SMTP:department.${at}@${domain}`],
      visibility: null,
      exchangeOnly: false,
      members: [],
      rid: tenant.takeRid(),
    }),
  )
  for (const [at, mailbox] of all.entries()) {
    groups[at % count]?.members.push(mailbox.externalDirectoryObjectId)
  }
  return groups.map(({ id }) => id)
}

function grantAll(
  tenant: Tenant,
  random: Random,
  shared: readonly TenantMailbox[],
  people: readonly TenantMailbox[],
  groupIds: readonly string[],
): void {
  const grantToPeople = (mailbox: TenantMailbox, count: number): void => {
    for (const person of random.sample(people.slice(0, 2_000), count)) {
      if (person !== mailbox) grantFullAccess(tenant, mailbox, person.externalDirectoryObjectId)
    }
  }
  for (const [at, mailbox] of shared.entries()) {
    grantToPeople(mailbox, peoplePerShared)
    const group = groupIds[(at / groupEvery) % groupIds.length]
    if (at % groupEvery === 0 && group !== undefined) grantFullAccess(tenant, mailbox, group)
  }
  for (const [at, mailbox] of people.entries()) {
    if (at % delegateEvery === 0) grantToPeople(mailbox, 1)
  }
}

/** What Zivver holds once the tenant is synchronised. */
export function expectedAccounts({ tenant }: BenchTenant): AccountSeed[] {
  return [...tenant.mailboxes.values()].map((mailbox) => ({
    kind: mailbox.recipientTypeDetails === 'SharedMailbox' ? 'functional' : 'user',
    id: scimIdOf(mailbox),
    address: mailbox.primarySmtpAddress,
    displayName: mailbox.displayName,
    aliases: aliasesOf(mailbox).filter((alias) => alias.endsWith(`@${domain}`)),
    delegates: delegatesOf(tenant, mailbox).map((person) => person.primarySmtpAddress),
    active: true,
    externalAccountId: mailbox.externalDirectoryObjectId,
  }))
}

/** The rows that link those accounts. */
export function expectedRows({ tenant }: BenchTenant): MappingRow[] {
  return [...tenant.mailboxes.values()].map((mailbox) => ({
    key: mailbox.externalDirectoryObjectId,
    kind: mailbox.recipientTypeDetails === 'SharedMailbox' ? 'functional' : 'user',
    scimId: scimIdOf(mailbox),
    address: mailbox.primarySmtpAddress,
    displayName: mailbox.displayName,
    active: true,
    linkedAt: '2026-01-01T00:00:00.000Z',
    lastRunId: 'first-sync',
    refusedAliases: [],
    goneAt: null,
  }))
}

const scimIdOf = ({ guid }: TenantMailbox): string => guid

function delegatesOf(tenant: Tenant, mailbox: TenantMailbox): TenantMailbox[] {
  const ids = new Set<string>()
  for (const { trustee } of mailbox.permissions) {
    if (!('id' in trustee)) continue
    for (const id of tenant.groups.get(trustee.id)?.members ?? [trustee.id]) ids.add(id)
  }
  return [...ids]
    .map((id) => tenant.mailboxOf(id))
    .filter((found) => found !== undefined)
    .filter((found) => found !== mailbox && found.recipientTypeDetails === 'UserMailbox')
}

/** The permission readings that a run at that moment would have stored. */
export function expectedReadings({ tenant }: BenchTenant, readAt: string): StoredReading[] {
  return [...tenant.mailboxes.values()].map((mailbox) => {
    const identifier = mailbox.externalDirectoryObjectId
    const trustees = mailbox.permissions.map(({ trustee }) => trusteeOf(tenant, trustee))
    return { reading: { identifier, status: 'read', trustees }, runId: 'earlier', readAt }
  })
}

function trusteeOf(tenant: Tenant, trustee: PermissionEntry['trustee']): Trustee {
  if (!('id' in trustee)) return { text: trustee.user, sid: trustee.sid }
  const text = tenant.mailboxOf(trustee.id)?.userPrincipalName
  const group = tenant.groups.get(trustee.id)?.displayName
  return { text: text ?? group ?? '', sid: tenant.sidOf(trustee.rid) }
}
