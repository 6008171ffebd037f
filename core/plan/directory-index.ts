import type { Account } from '../model/account.ts'
import type { Writable } from '../model/compact.ts'
import type { Mailbox } from '../model/mailbox.ts'
import { isMailboxRow, type MappingRow } from '../model/mapping.ts'
import type { Policy, Snapshot } from '../model/plan.ts'
import { type IdentifiedMailbox, scopeOf } from '../source/scope.ts'
import { type Few, firstOf, oneMore } from './few.ts'
import { indexBy, MultiIndex } from './multi-index.ts'

/** What carries one identifier: nearly always a mailbox, its row, and the account that carries it too. */
export interface Identity {
  readonly identifier: string
  readonly mailbox: Few<Mailbox>
  /** Where `scoped` has the mailbox; `null` = it is not in scope. */
  readonly place: number | null
  /** Mailbox rows (two may differ in the case of their keys only); none when the mapping is reset. */
  readonly row: Few<MappingRow>
  /** The account that the first row names. */
  readonly named: KnownAccount | undefined
  /** Accounts that have it as `ExternalAccountId`; none when the mapping is reset. */
  readonly carrier: Few<KnownAccount>
}

/** An account of Zivver, and all rows that name it. */
export interface KnownAccount {
  readonly account: Account
  /** Its place among all accounts. */
  readonly place: number
  /** `scim-` rows and reset rows included: they know what we suspended. */
  readonly rows: Few<MappingRow>
}

/** A mailbox in scope. */
export interface ScopedMailbox {
  readonly mailbox: IdentifiedMailbox
  readonly identity: Identity
  /** Its place among the mailboxes in scope. */
  readonly place: number
}

/**
 * The snapshot looked at from every side that correlation asks for. Built once, in one pass per list; what leads from
 * one list to another is looked up here and then kept, because looking up is most of what planning costs.
 */
export interface DirectoryIndex {
  readonly scoped: readonly ScopedMailbox[]
  /** By identifier, lower case. */
  readonly identities: ReadonlyMap<string, Identity>
  /** Primary addresses of more than one mailbox. */
  readonly sharedPrimaries: ReadonlySet<string>
  /** Made when it is first asked for: only conflicts and accounts without a pair are looked for by address. */
  readonly mailboxesByPrimary: () => MultiIndex<Mailbox>
  /** Made when it is first asked for: only a search by former address needs it. */
  readonly mailboxesBySecondary: () => MultiIndex<Mailbox>
  readonly accounts: readonly KnownAccount[]
  /** By SCIM id. The index behind it is made when it is first asked for. */
  readonly accountById: (scimId: string) => KnownAccount | undefined
  /** Rows whose account is not in Zivver. */
  readonly orphans: ReadonlySet<MappingRow>
  /** Why a mailbox is not in scope; `null` = it is. */
  readonly scopeReason: (mailbox: Mailbox) => string | null
}

/** @param inScope the snapshot's mailboxes that are in scope, in the order of the snapshot */
export function indexDirectory(
  snapshot: Snapshot,
  inScope: readonly IdentifiedMailbox[],
  policy: Policy,
): DirectoryIndex {
  const { mailboxes, filterMembers } = snapshot
  const { includedDomains } = policy
  const identities = new Identities()
  const scoped: ScopedMailbox[] = []
  for (const mailbox of mailboxes) {
    if (mailbox.identifier === null) continue
    const identity = identities.of(mailbox.identifier)
    identity.mailbox = oneMore(identity.mailbox, mailbox)
    const next = inScope[scoped.length]
    if (mailbox !== next) continue
    identity.place = scoped.length
    scoped.push({ mailbox: next, identity, place: scoped.length })
  }
  const accounts = knownAccounts(snapshot, identities, policy)
  const accountsById = once(() => indexById(accounts))
  const accountById = (scimId: string) => accountsById().get(scimId)
  const orphans = attachRows(snapshot, identities, accountById, policy)
  return {
    scoped,
    identities: identities.all,
    sharedPrimaries: repeatedPrimaries(mailboxes),
    mailboxesByPrimary: once(() => indexBy(mailboxes, (mailbox) => mailbox.primarySmtpAddress)),
    mailboxesBySecondary: once(() => indexSecondary(mailboxes)),
    accounts,
    accountById,
    orphans,
    scopeReason: (mailbox) => scopeOf(mailbox, { includedDomains, filterMembers }),
  }
}

interface OpenIdentity extends Writable<Identity> {
  carrier: Few<Writable<KnownAccount>>
}

class Identities {
  readonly all = new Map<string, OpenIdentity>()

  of(identifier: string): OpenIdentity {
    const known = this.all.get(identifier)
    if (known !== undefined) return known
    const identity: OpenIdentity = {
      identifier,
      mailbox: undefined,
      place: null,
      row: undefined,
      named: undefined,
      carrier: undefined,
    }
    this.all.set(identifier, identity)
    return identity
  }
}

function knownAccounts(
  snapshot: Snapshot,
  identities: Identities,
  policy: Policy,
): readonly Writable<KnownAccount>[] {
  return snapshot.accounts.map((account, place) => {
    const known: Writable<KnownAccount> = { account, place, rows: undefined }
    const external = policy.resetAccountMapping ? null : externalIdOf(account)
    if (external !== null) {
      const identity = identities.of(external)
      identity.carrier = oneMore(identity.carrier, known)
    }
    return known
  })
}

function indexById<Known extends KnownAccount>(accounts: readonly Known[]): Map<string, Known> {
  const byId = new Map<string, Known>()
  for (const known of accounts) byId.set(known.account.scimId, known)
  return byId
}

/** @returns rows whose account is not in Zivver */
function attachRows(
  snapshot: Snapshot,
  identities: Identities,
  accountById: (scimId: string) => Writable<KnownAccount> | undefined,
  policy: Policy,
): ReadonlySet<MappingRow> {
  const orphans = new Set<MappingRow>()
  for (const row of snapshot.mappings) {
    const isMapped = !policy.resetAccountMapping && isMailboxRow(row)
    const identity = isMapped ? identities.of(row.key.toLowerCase()) : null
    // Nearly always the account that carries the row's identifier: then it need not be looked up.
    const carrier = firstOf(identity?.carrier)
    const known = carrier?.account.scimId === row.scimId ? carrier : accountById(row.scimId)
    if (known === undefined) orphans.add(row)
    else known.rows = oneMore(known.rows, row)
    if (identity === null) continue
    if (identity.row === undefined) identity.named = known
    identity.row = oneMore(identity.row, row)
  }
  return orphans
}

/** `ExternalAccountId` in the form in which identifiers are compared. */
export function externalIdOf({ externalAccountId }: Account): string | null {
  return externalAccountId === null ? null : externalAccountId.toLowerCase()
}

function repeatedPrimaries(mailboxes: readonly Mailbox[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { primarySmtpAddress } of mailboxes) {
    const before = seen.size
    // One operation for each, not two: at a million mailboxes they are what planning costs.
    if (seen.add(primarySmtpAddress).size === before) repeated.add(primarySmtpAddress)
  }
  return repeated
}

function indexSecondary(mailboxes: readonly Mailbox[]): MultiIndex<Mailbox> {
  const index = new MultiIndex<Mailbox>()
  for (const mailbox of mailboxes) {
    for (const address of mailbox.secondarySmtpAddresses) index.add(address, mailbox)
  }
  return index
}

/** Makes a value when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}
