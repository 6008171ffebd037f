import type { TenantData, TenantGroup, TenantMailbox, TenantObject } from './model.ts'

/** What an identity text can mean in Exchange. */
export type Recipient =
  | { readonly kind: 'mailbox'; readonly mailbox: TenantMailbox }
  | { readonly kind: 'group'; readonly group: TenantGroup }
  | { readonly kind: 'object'; readonly object: TenantObject }

/** The state of one simulated tenant: everything by id, and who answers to which name. */
export class Tenant {
  readonly id: string
  /** The `*.onmicrosoft` domain. */
  readonly initialDomain: string
  readonly sidPrefix: string
  /** By `ExchangeGuid`, in the order of a listing. */
  readonly mailboxes = new Map<string, TenantMailbox>()
  readonly softDeleted = new Map<string, TenantMailbox>()
  readonly groups = new Map<string, TenantGroup>()
  readonly objects = new Map<string, TenantObject>()
  #byObjectId = new Map<string, TenantMailbox>()
  #byGuid = new Map<string, TenantMailbox>()
  #byName: Map<string, Recipient[]> | null = null
  #nextRid: number

  constructor(
    data: Pick<TenantData, 'tenantId' | 'initialDomain'> & Partial<TenantData> = emptyTenant,
  ) {
    this.id = data.tenantId
    this.initialDomain = data.initialDomain
    this.sidPrefix = data.sidPrefix ?? 'S-1-5-21-1111111111-2222222222-3333333333'
    this.#nextRid = data.nextRid ?? 1001
    for (const mailbox of data.mailboxes ?? []) this.addMailbox(mailbox)
    for (const mailbox of data.softDeleted ?? [])
      this.softDeleted.set(mailbox.exchangeGuid, mailbox)
    for (const group of data.groups ?? []) this.groups.set(group.id, group)
    for (const object of data.objects ?? []) this.objects.set(object.id, object)
  }

  takeRid(): number {
    this.#nextRid += 1
    return this.#nextRid - 1
  }

  sidOf(rid: number): string {
    return `${this.sidPrefix}-${rid}`
  }

  addMailbox(mailbox: TenantMailbox): void {
    this.mailboxes.set(mailbox.exchangeGuid, mailbox)
    this.#byGuid.set(mailbox.guid, mailbox)
    if (mailbox.externalDirectoryObjectId !== '') {
      this.#byObjectId.set(mailbox.externalDirectoryObjectId, mailbox)
    }
    this.touch()
  }

  removeMailbox(mailbox: TenantMailbox): void {
    this.mailboxes.delete(mailbox.exchangeGuid)
    this.#byGuid.delete(mailbox.guid)
    this.#byObjectId.delete(mailbox.externalDirectoryObjectId)
    this.touch()
  }

  /** The mailbox of an Entra user. */
  mailboxOf(objectId: string): TenantMailbox | undefined {
    return this.#byObjectId.get(objectId)
  }

  /** To be called after a name or an address was changed by hand. */
  touch(): void {
    this.#byName = null
  }

  /**
   * Everything that an Exchange `-Identity` fits, case-insensitively: `ExchangeGuid`, `Guid` and object id first
   * (those are unique), then UPN, any SMTP address, `Name`, `Alias` and display name. Two hits = ambiguous.
   */
  findRecipients(identity: string): readonly Recipient[] {
    const key = identity.toLowerCase()
    const mailbox =
      this.mailboxes.get(key) ?? this.#byGuid.get(key) ?? this.#byObjectId.get(key) ?? null
    if (mailbox !== null) return [{ kind: 'mailbox', mailbox }]
    this.#byName ??= indexNames(this)
    return this.#byName.get(key) ?? []
  }

  /** Exactly one mailbox by any of its names. @throws Error when there is none, or more than one */
  mailbox(identity: string): TenantMailbox {
    const found = this.findRecipients(identity).filter((recipient) => recipient.kind === 'mailbox')
    const only = found[0]
    if (only === undefined || found.length > 1) {
      throw new Error(`${found.length} mailboxes answer to ${identity}`)
    }
    return only.mailbox
  }

  /** Exactly one group by id, address or display name. @throws Error when there is none, or more than one */
  group(identity: string): TenantGroup {
    const key = identity.toLowerCase()
    const found = [...this.groups.values()].filter((group) =>
      [group.id, group.mail?.toLowerCase(), group.displayName.toLowerCase()].includes(key),
    )
    const only = found[0]
    if (only === undefined || found.length > 1) {
      throw new Error(`${found.length} groups answer to ${identity}`)
    }
    return only
  }

  /** Plain data, to be stored or sent to another process; `new Tenant(data)` makes it live again. */
  toJSON(): TenantData {
    return {
      tenantId: this.id,
      initialDomain: this.initialDomain,
      sidPrefix: this.sidPrefix,
      nextRid: this.#nextRid,
      mailboxes: [...this.mailboxes.values()],
      softDeleted: [...this.softDeleted.values()],
      groups: [...this.groups.values()],
      objects: [...this.objects.values()],
    }
  }
}

const emptyTenant = {
  tenantId: '11111111-2222-4333-8444-555555555555',
  initialDomain: 'fabrikam.onmicrosoft.example',
}

/** The lower-cased SMTP addresses among proxy addresses. */
export function smtpAddresses(proxies: readonly string[]): string[] {
  const smtp = proxies.filter((proxy) => proxy.slice(0, 5).toLowerCase() === 'smtp:')
  return smtp.map((proxy) => proxy.slice(5).toLowerCase())
}

function indexNames(tenant: Tenant): Map<string, Recipient[]> {
  const index = new Map<string, Recipient[]>()
  const put = (recipient: Recipient, names: readonly (string | null)[]) => {
    const keys = new Set(names.filter((name) => name !== null && name !== ''))
    for (const key of new Set([...keys].map((name) => String(name).toLowerCase()))) {
      const known = index.get(key)
      if (known === undefined) index.set(key, [recipient])
      else known.push(recipient)
    }
  }
  for (const mailbox of tenant.mailboxes.values()) {
    const { userPrincipalName, name, alias, displayName, emailAddresses } = mailbox
    const addresses = smtpAddresses(emailAddresses)
    put({ kind: 'mailbox', mailbox }, [userPrincipalName, name, alias, displayName, ...addresses])
  }
  for (const group of tenant.groups.values()) {
    if (!group.mailEnabled) continue
    const addresses = smtpAddresses(group.proxyAddresses)
    put({ kind: 'group', group }, [group.id, group.displayName, group.mailNickname, ...addresses])
  }
  for (const object of tenant.objects.values()) {
    if (object.mail === null) continue
    const { id, displayName, mail, userPrincipalName } = object
    const addresses = smtpAddresses(object.proxyAddresses)
    put({ kind: 'object', object }, [id, displayName, mail, userPrincipalName, ...addresses])
  }
  return index
}
