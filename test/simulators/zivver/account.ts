/** What the simulated Zivver knows of an account, and the forms in which tests give and read it. */

/** `user` = SCIM User, `functional` = SCIM Group. */
export type AccountKind = 'user' | 'functional'

/** One stored account. Records are replaced, never changed in place. */
export interface Account {
  readonly id: string
  readonly kind: AccountKind
  /** Date only, `YYYY-MM-DD`, as Zivver shows it (reference 6.3). */
  readonly created: string
  /** `userName` of a User, `externalId` of a Group; lower case. */
  readonly address: string
  /** `name.formatted` of a User, `displayName` of a Group. */
  readonly displayName: string
  /** Lower case, in the order sent, without the primary address. */
  readonly aliases: readonly string[]
  /** Ids of accounts: a User's `delegates`, a Group's `members`. Addresses are looked up when they are shown. */
  readonly delegates: readonly string[]
  /** Always true for a functional account: the API has no such attribute on Groups. */
  readonly active: boolean
  readonly externalAccountId: string | null
  /** Stored, never shown by the API (Q2). */
  readonly ssoAccountKey: string | null
  /** A PUT carried the User extension without the key that the account had (Q1): this person can no longer log in. */
  readonly ssoBroken: boolean
  /** Organizational unit; `/` = none. */
  readonly division: string
  readonly phoneNumbers: readonly unknown[]
  /** Sub-attributes of `name` besides `formatted`. */
  readonly otherName: Readonly<Record<string, unknown>>
  /** Attributes of the Zivver extension that this simulator gives no meaning. */
  readonly otherExtension: Readonly<Record<string, unknown>>
}

/** An account as a test wants it to be there; only kind and address are needed. Delegates are addresses, for both kinds. */
export interface AccountSeed extends Partial<Omit<Account, 'delegates' | 'ssoBroken'>> {
  readonly kind: AccountKind
  readonly address: string
  readonly delegates?: readonly string[]
}

/** What an administrator may change by hand; delegates are addresses, for both kinds. */
export type AccountEdit = Partial<Omit<AccountSeed, 'id' | 'kind' | 'created'>>

/** An account as tests compare it: its lists are sorted. */
export interface AccountView extends Account {
  /** Primary addresses, for both kinds. */
  readonly delegates: readonly string[]
}

/** An account with nothing but what the seed says, and no delegates yet. */
export function accountFrom(seed: AccountSeed & { readonly id: string }): Account {
  return {
    created: today(),
    aliases: [],
    active: true,
    externalAccountId: null,
    ssoAccountKey: null,
    division: '/',
    phoneNumbers: [],
    otherName: {},
    otherExtension: {},
    displayName: seed.address,
    ...seed,
    address: seed.address.toLowerCase(),
    ...(seed.aliases && { aliases: cleanAliases(seed.aliases, seed.address) }),
    delegates: [],
    ssoBroken: false,
  }
}

/** Lower case, without doubles and without the primary address. */
export function cleanAliases(aliases: readonly string[], address: string): readonly string[] {
  const clean = new Set(aliases.map((alias) => alias.toLowerCase()))
  clean.delete(address.toLowerCase())
  return [...clean]
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
