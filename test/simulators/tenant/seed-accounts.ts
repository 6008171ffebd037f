import { type BuildContext, foreignDomain, traitCount } from './build-context.ts'
import type { BuiltMailboxes } from './build-mailboxes.ts'
import { aliasesOf } from './mailbox-mutations.ts'
import type { TenantMailbox } from './model.ts'
import { localPart, personName, sharedName } from './names.ts'

/** An account that is in Zivver before the first run, as plain data for whoever fills the simulated Zivver. */
export interface SeedAccount {
  readonly kind: 'user' | 'functional'
  /** `userName` or `externalId`; may be in mixed case. */
  address: string
  displayName: string
  aliases: string[]
  /** Addresses of user accounts of this list; for a functional account they become `members`. */
  delegates: string[]
  active: boolean
  /** The mailbox's identifier, another GUID, or `null` where nobody wrote one. */
  externalAccountId: string | null
  /** Why it is in the list, for failure messages. */
  readonly why: string
}

/** Draws the accounts that exist already: adopted, drifted, renamed, of the wrong kind, hand-made, unmanaged. */
export function seedAccounts(context: BuildContext, mailboxes: BuiltMailboxes): SeedAccount[] {
  const { random, options } = context
  const list = new AccountList()
  const synced = [...mailboxes.users, ...mailboxes.shared]
  const pool = random.shuffle(synced)
  for (const special of specialAccounts) {
    const count = traitCount(context, synced.length, special.ratio)
    for (let at = 0; at < count; at++) {
      const mailbox = pool.pop()
      if (mailbox !== undefined) list.add(special.make(mailbox, context))
    }
  }
  for (const mailbox of pool) {
    if (random.chance(options.existingAccounts)) list.add(drifted(mailbox, context))
  }
  for (const stranger of strangers) {
    const count = traitCount(context, synced.length, 0.008)
    for (let at = 0; at < count; at++) list.add(stranger(context))
  }
  delegate(context, list.accounts)
  return list.accounts
}

/** Keeps addresses unique over all accounts, as Zivver does: an account whose address is taken is left out. */
class AccountList {
  readonly accounts: SeedAccount[] = []
  readonly #taken = new Set<string>()

  add(account: SeedAccount): void {
    if (!this.#claim(account.address)) return
    account.aliases = account.aliases.filter((alias) => this.#claim(alias))
    this.accounts.push(account)
  }

  #claim(address: string): boolean {
    const key = address.toLowerCase()
    if (this.#taken.has(key)) return false
    this.#taken.add(key)
    return true
  }
}

function matching(mailbox: TenantMailbox, context: BuildContext, why: string): SeedAccount {
  const domains = context.options.includedDomains.map((domain) => `@${domain}`)
  return {
    kind: mailbox.recipientTypeDetails === 'SharedMailbox' ? 'functional' : 'user',
    address: mailbox.primarySmtpAddress.toLowerCase(),
    displayName: mailbox.displayName.trim() || mailbox.primarySmtpAddress.toLowerCase(),
    aliases: aliasesOf(mailbox).filter((alias) => domains.some((domain) => alias.endsWith(domain))),
    delegates: [],
    active: true,
    externalAccountId: mailbox.externalDirectoryObjectId || null,
    why,
  }
}

function drifted(mailbox: TenantMailbox, context: BuildContext): SeedAccount {
  const { random, options } = context
  const account = matching(mailbox, context, 'has a mailbox')
  const often = (ratio: number) => random.chance(ratio * Math.min(1, options.awkward))
  if (often(0.5)) account.externalAccountId = null
  if (often(0.1)) account.displayName = `${account.displayName} (oud)`
  if (often(0.1)) account.aliases.pop()
  if (often(0.05)) account.aliases.push(`${mailbox.alias}.extra@${options.includedDomains[0]}`)
  if (often(0.05)) account.aliases.push(`${mailbox.alias}.kept@${foreignDomain}`)
  if (often(0.05)) account.address = mailbox.primarySmtpAddress.toUpperCase()
  if (often(0.04) && account.kind === 'user') account.active = false
  return account
}

/** Accounts that stand in some awkward relation to one mailbox. */
const specialAccounts: readonly {
  readonly ratio: number
  readonly make: (mailbox: TenantMailbox, context: BuildContext) => SeedAccount
}[] = [
  {
    ratio: 0.01,
    make: (mailbox, context) => {
      const account = matching(mailbox, context, 'is of the other kind')
      return { ...account, kind: account.kind === 'user' ? 'functional' : 'user' }
    },
  },
  {
    ratio: 0.01,
    make: (mailbox, context) => {
      const account = matching(mailbox, context, 'still has the old address, which is an alias now')
      const old = account.aliases[0] ?? account.address
      return { ...account, address: old, aliases: [], externalAccountId: null }
    },
  },
  {
    ratio: 0.01,
    make: (mailbox, context) => ({
      ...matching(mailbox, context, 'still has an address that the mailbox lost'),
      address: `voorheen.${mailbox.alias}@${context.options.includedDomains[0]}`,
    }),
  },
  {
    ratio: 0.004,
    make: (mailbox, context) => ({
      ...matching(mailbox, context, 'is linked to a mailbox of another tenant'),
      externalAccountId: context.random.guid(),
    }),
  },
  {
    ratio: 0.004,
    make: (mailbox, context) => ({
      ...handMade(context, 'user', 'included', "holds another mailbox's alias"),
      aliases: matching(mailbox, context, '').aliases,
    }),
  },
  {
    ratio: 0.006,
    make: (mailbox, context) => ({
      ...matching(mailbox, context, 'was suspended by hand'),
      active: mailbox.recipientTypeDetails === 'SharedMailbox',
      externalAccountId: null,
    }),
  },
]

/** Accounts without a mailbox of their own. */
const strangers: readonly ((context: BuildContext) => SeedAccount)[] = [
  (context) => handMade(context, 'user', 'included', 'was made by hand'),
  (context) => handMade(context, 'functional', 'included', 'was made by hand'),
  (context) => handMade(context, 'user', 'foreign', 'is unmanaged'),
  (context) => handMade(context, 'functional', 'foreign', 'is unmanaged'),
  (context) => ({
    ...handMade(context, 'user', 'included', 'was left by another tenant'),
    externalAccountId: context.random.guid(),
  }),
]

function handMade(
  context: BuildContext,
  kind: SeedAccount['kind'],
  where: 'included' | 'foreign',
  why: string,
): SeedAccount {
  const { random, options } = context
  const displayName = kind === 'user' ? personName(random) : sharedName(random)
  const domain = where === 'included' ? options.includedDomains[0] : foreignDomain
  const address = `${context.takeName(`hand.${localPart(displayName)}`)}@${domain}`
  const active = kind === 'functional' || random.chance(0.8)
  return {
    kind,
    address,
    displayName,
    aliases: [],
    delegates: [],
    active,
    externalAccountId: null,
    why,
  }
}

function delegate({ random }: BuildContext, accounts: readonly SeedAccount[]): void {
  const people = accounts.filter((account) => account.kind === 'user' && account.active)
  if (people.length === 0) return
  for (const account of accounts) {
    const share = account.kind === 'functional' ? 0.7 : 0.05
    if (!random.chance(share)) continue
    const picked = Array.from({ length: random.integer(1, 3) }, () => random.pick(people))
    const others = picked.filter((person) => person !== account)
    account.delegates = [...new Set(others.map((person) => person.address))]
  }
}
