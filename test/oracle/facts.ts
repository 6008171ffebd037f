/** What is known before a run, in the contract's terms, and looked up by whatever the rules ask for. */
import type { AccountView, Before, OracleRow } from './model.ts'
import type { Mailbox } from './scope.ts'
import { domainOf, isGuid, lower } from './text.ts'

export class Facts {
  readonly before: Before
  readonly mailboxes: readonly Mailbox[]
  readonly #included: ReadonlySet<string>
  readonly #protected: ReadonlySet<string>
  readonly #relink: ReadonlySet<string>

  constructor(before: Before, mailboxes: readonly Mailbox[]) {
    this.before = before
    this.mailboxes = mailboxes
    this.#included = new Set(before.settings.includedDomains.map(lower))
    this.#protected = new Set(before.settings.targetFilter.map(lower))
    this.#relink = new Set(before.flags.relink.map(lower))
  }

  isIncluded(address: string): boolean {
    return this.#included.has(domainOf(address))
  }

  /** The target filter lists this address or its domain. */
  isProtected(address: string): boolean {
    return this.#protected.has(lower(address)) || this.#protected.has(domainOf(address))
  }

  /** Identifiers count: no `reset_account_mapping`, which plans as if none were known. */
  get knowsIdentifiers(): boolean {
    return !this.before.flags.resetAccountMapping
  }

  /** The account with this address may pass to another mailbox. */
  mayPass(address: string): boolean {
    return !this.knowsIdentifiers || this.#relink.has(lower(address))
  }

  accountAt(address: string): AccountView | undefined {
    return this.before.accounts.find((account) => account.address === address)
  }

  /** Mailboxes of the tenant, in scope or not, that have this address as primary or alias. */
  mailboxesWith(address: string): readonly Mailbox[] {
    return this.mailboxes.filter(
      ({ primary, secondary }) => primary === address || secondary.includes(address),
    )
  }

  mailboxOf(identifier: string): Mailbox | undefined {
    return this.mailboxes.find((mailbox) => mailbox.identifier === lower(identifier))
  }

  /** Every identifier that a mailbox, a row or an account tells; lower case. */
  identifiers(): ReadonlySet<string> {
    return new Set([
      ...this.mailboxes.flatMap(({ identifier }) => identifier ?? []),
      ...this.before.rows.filter(isMailboxRow).map(({ key }) => lower(key)),
      ...this.before.accounts.flatMap(
        ({ externalAccountId }) => lower(externalAccountId ?? '') || [],
      ),
    ])
  }

  /** Mapping rows of an identifier; two can differ in the case of their keys. */
  rowsOf(identifier: string): readonly OracleRow[] {
    return this.before.rows.filter(({ key }) => lower(key) === identifier)
  }

  rowsTo(account: AccountView): readonly OracleRow[] {
    return this.before.rows.filter(({ scimId }) => scimId === account.id)
  }

  /** The accounts of an identifier: by mapping rows (rule 1), and by `ExternalAccountId` (rule 2). */
  namedBy(identifier: string): readonly AccountView[] {
    const ids = new Set(this.rowsOf(identifier).map(({ scimId }) => scimId))
    return this.before.accounts.filter(
      ({ id, externalAccountId }) => ids.has(id) || lower(externalAccountId ?? '') === identifier,
    )
  }

  /** The mailboxes of the tenant that an account is linked to, in scope or not. */
  linkedMailboxes(account: AccountView): readonly Mailbox[] {
    if (!this.knowsIdentifiers) return []
    const identifiers = new Set(this.rowsTo(account).map(({ key }) => lower(key)))
    identifiers.add(lower(account.externalAccountId ?? ''))
    return this.mailboxes.filter(({ identifier }) => identifiers.has(identifier ?? 'none'))
  }

  /** A row that links the account to an identifier which no mailbox has any more. */
  lostRow(account: AccountView): OracleRow | undefined {
    if (!this.knowsIdentifiers) return undefined
    const rows = this.rowsTo(account).filter(isMailboxRow)
    return rows.find(({ key }) => this.mailboxOf(key) === undefined)
  }

  /** Its `ExternalAccountId` is a GUID that neither the tenant nor one of its rows knows. */
  isLinkedElsewhere(account: AccountView): boolean {
    const { externalAccountId } = account
    if (externalAccountId === null || !isGuid(externalAccountId)) return false
    const isOurs = this.rowsTo(account).some(({ key }) => lower(key) === lower(externalAccountId))
    return !isOurs && this.mailboxOf(externalAccountId) === undefined
  }

  /** A functional account is suspended when a row says so and it has no members. */
  isActive(account: AccountView): boolean {
    if (account.kind === 'user') return account.active
    return !this.isSuspendedByUs(account) || account.delegates.length > 0
  }

  /** A row of the account says that Cloud Sync suspended it. */
  isSuspendedByUs(account: AccountView): boolean {
    return this.rowsTo(account).some(({ active }) => !active)
  }
}

const isMailboxRow = ({ key }: OracleRow) => !key.startsWith('scim-')
