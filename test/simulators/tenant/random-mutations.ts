import type { Random } from '../shared/random.ts'
import {
  addMember,
  grantFullAccess,
  removeMember,
  renameGroup,
  revokeFullAccess,
} from './group-mutations.ts'
import {
  addAlias,
  aliasesOf,
  chainAddresses,
  convertMailbox,
  deleteMailbox,
  disableMailbox,
  enableMailbox,
  moveAlias,
  recreateMailbox,
  renameMailbox,
  restoreMailbox,
  rotateAddresses,
  setDisplayName,
  swapAddresses,
} from './mailbox-mutations.ts'
import type { TenantMailbox } from './model.ts'
import { personName } from './names.ts'
import type { Tenant } from './tenant.ts'

/** Something an administrator did in Zivver by hand; the caller applies it to the account with this address, if any. */
export interface HandEdit {
  readonly address: string
  readonly edit:
    | { readonly kind: 'display_name'; readonly displayName: string }
    | { readonly kind: 'alias_added'; readonly alias: string }
    | { readonly kind: 'aliases_cleared' }
    | { readonly kind: 'suspended' }
    | { readonly kind: 'reactivated' }
    | { readonly kind: 'delegates_cleared' }
    | { readonly kind: 'identifier_cleared' }
    | { readonly kind: 'deleted' }
}

/** One thing that happened, in words for a failure message. */
export interface Mutation {
  readonly kind: string
  readonly text: string
  readonly handEdit?: HandEdit
}

/**
 * Lets `count` things happen to the tenant, and to Zivver by hand.
 * @returns what happened, in order; hand edits of Zivver are only described
 */
export function randomMutations(tenant: Tenant, random: Random, count: number): Mutation[] {
  const done: Mutation[] = []
  const kinds = Object.keys(mutations)
  for (let attempt = 0; done.length < count && attempt < count * 20; attempt++) {
    const kind = random.pick(kinds)
    const synced = [...tenant.mailboxes.values()].filter(isSynced)
    if (synced.length < 4) return done
    const result = mutations[kind]?.({ tenant, random, synced, mailbox: random.pick(synced) })
    if (typeof result === 'string') done.push({ kind, text: result })
    else if (result !== undefined && result !== null) done.push(result)
  }
  return done
}

interface Scene {
  readonly tenant: Tenant
  readonly random: Random
  readonly synced: readonly TenantMailbox[]
  readonly mailbox: TenantMailbox
}

const isSynced = (mailbox: TenantMailbox) =>
  mailbox.externalDirectoryObjectId !== '' &&
  ['UserMailbox', 'SharedMailbox'].includes(mailbox.recipientTypeDetails)

/** By kind; `null` = not possible on this mailbox, another one is drawn. */
const mutations: Readonly<Record<string, (scene: Scene) => string | Mutation | null>> = {
  rename: ({ tenant, random, mailbox }) => {
    const before = mailbox.primarySmtpAddress
    const primary = freshAddress(mailbox, random)
    renameMailbox(tenant, mailbox, primary, { keepOldAsAlias: random.chance(0.8) })
    return `${before} became ${primary}`
  },
  rename_case: ({ tenant, mailbox }) => {
    renameMailbox(tenant, mailbox, mailbox.primarySmtpAddress.toUpperCase())
    return `${mailbox.primarySmtpAddress} is written in capitals now`
  },
  swap: ({ tenant, random, synced, mailbox }) => {
    const other = random.pick(synced)
    if (other === mailbox) return null
    swapAddresses(tenant, mailbox, other)
    return `${mailbox.primarySmtpAddress} and ${other.primarySmtpAddress} were swapped`
  },
  cycle: ({ tenant, random, synced }) => {
    const ring = random.sample(synced, 3)
    rotateAddresses(tenant, ring)
    return `addresses went round: ${ring.map((one) => one.primarySmtpAddress).join(', ')}`
  },
  chain: ({ tenant, random, synced, mailbox }) => {
    const chain = random.sample(synced, 3)
    const free = freshAddress(mailbox, random)
    chainAddresses(tenant, chain, free)
    return `a chain of addresses begins at ${free}`
  },
  alias_moved: ({ tenant, random, synced, mailbox }) => {
    const upn = mailbox.userPrincipalName.toLowerCase()
    const alias = aliasesOf(mailbox).find((candidate) => candidate !== upn)
    const other = random.pick(synced)
    if (alias === undefined || other === mailbox) return null
    moveAlias(tenant, mailbox, other, alias)
    return `alias ${alias} moved to ${other.primarySmtpAddress}`
  },
  alias_added: ({ tenant, random, mailbox }) => {
    const alias = freshAddress(mailbox, random)
    addAlias(tenant, mailbox, alias)
    return `${mailbox.primarySmtpAddress} got alias ${alias}`
  },
  display_name: ({ tenant, random, mailbox }) => {
    setDisplayName(tenant, mailbox, random.chance(0.1) ? '' : personName(random))
    return `${mailbox.primarySmtpAddress} is called "${mailbox.displayName}" now`
  },
  disabled_or_back: ({ tenant, mailbox }) => {
    const change = mailbox.accountDisabled ? enableMailbox : disableMailbox
    change(tenant, mailbox)
    return `${mailbox.primarySmtpAddress} is ${mailbox.accountDisabled ? 'disabled' : 'enabled'} now`
  },
  deleted: ({ tenant, random, mailbox }) => {
    deleteMailbox(tenant, mailbox, { keepUser: random.chance(0.3) })
    return `${mailbox.primarySmtpAddress} was deleted`
  },
  restored: ({ tenant, random }) => {
    const free = [...tenant.softDeleted.values()].filter((gone) => isFree(tenant, gone))
    if (free.length === 0) return null
    const mailbox = random.pick(free)
    restoreMailbox(tenant, mailbox)
    return `${mailbox.primarySmtpAddress} was restored`
  },
  made_again: ({ tenant, random, mailbox }) => {
    recreateMailbox(tenant, mailbox, random)
    return `${mailbox.primarySmtpAddress} was made again for the same person`
  },
  given_to_another: ({ tenant, random, mailbox }) => {
    const name = personName(random)
    recreateMailbox(tenant, mailbox, random, name)
    return `${mailbox.primarySmtpAddress} was made again for ${name}`
  },
  converted: ({ tenant, mailbox }) => {
    const isUser = mailbox.recipientTypeDetails === 'UserMailbox'
    convertMailbox(tenant, mailbox, isUser ? 'SharedMailbox' : 'UserMailbox')
    return `${mailbox.primarySmtpAddress} is a ${mailbox.recipientTypeDetails} now`
  },
  group_changed: ({ tenant, random, mailbox }) => {
    if (tenant.groups.size === 0) return null
    const group = random.pick([...tenant.groups.values()])
    const id = mailbox.externalDirectoryObjectId
    const isMember = group.members.includes(id)
    if (isMember) removeMember(group, id)
    else addMember(group, id)
    return `${mailbox.primarySmtpAddress} ${isMember ? 'left' : 'joined'} "${group.displayName}"`
  },
  group_renamed: ({ tenant, random }) => {
    if (tenant.groups.size === 0) return null
    const group = random.pick([...tenant.groups.values()])
    const before = group.displayName
    renameGroup(tenant, group, `Team ${random.integer(1, 999)}`)
    return `group "${before}" is called "${group.displayName}" now`
  },
  access_given: ({ tenant, random, synced, mailbox }) => {
    const trustee = random.pick(synced)
    grantFullAccess(tenant, mailbox, trustee.externalDirectoryObjectId)
    return `${trustee.primarySmtpAddress} got Full Access on ${mailbox.primarySmtpAddress}`
  },
  access_taken: ({ mailbox }) => {
    const direct = mailbox.permissions.find((entry) => !entry.isInherited)
    if (direct === undefined) return null
    const { trustee } = direct
    revokeFullAccess(mailbox, 'id' in trustee ? trustee.id : trustee)
    return `one trustee lost Full Access on ${mailbox.primarySmtpAddress}`
  },
  hand_edit: ({ random, mailbox }) => {
    const address = mailbox.primarySmtpAddress.toLowerCase()
    const edit = random.pick<HandEdit['edit']>([
      { kind: 'display_name', displayName: personName(random) },
      { kind: 'alias_added', alias: freshAddress(mailbox, random) },
      { kind: 'aliases_cleared' },
      { kind: 'suspended' },
      { kind: 'reactivated' },
      { kind: 'delegates_cleared' },
      { kind: 'identifier_cleared' },
      { kind: 'deleted' },
    ])
    const text = `in Zivver, by hand, ${address}: ${edit.kind}`
    return { kind: 'hand_edit', text, handEdit: { address, edit } }
  },
}

function freshAddress(mailbox: TenantMailbox, random: Random): string {
  const domain = mailbox.primarySmtpAddress.split('@')[1] ?? 'contoso.example'
  return `new${random.integer(1e6, 1e9)}@${domain.toLowerCase()}`
}

// Exchange refuses to restore a mailbox whose addresses somebody else has meanwhile.
function isFree(tenant: Tenant, mailbox: TenantMailbox): boolean {
  const addresses = [mailbox.primarySmtpAddress, ...aliasesOf(mailbox)]
  return addresses.every((address) => tenant.findRecipients(address).length === 0)
}
