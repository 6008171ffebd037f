import { byText, fold } from '../../model/address.ts'
import { none, standAlone } from '../../model/compact.ts'
import { kindOfMailbox, type Mailbox } from '../../model/mailbox.ts'
import type { MailboxRow } from './payloads.ts'

/** The columns that `MailboxRow` reads (reference 3.5). */
export const mailboxColumns = [
  'ExternalDirectoryObjectId',
  'ExchangeGuid',
  'Guid',
  'Identity',
  'Id',
  'Name',
  'Alias',
  'DisplayName',
  'PrimarySmtpAddress',
  'EmailAddresses',
  'UserPrincipalName',
  'RecipientTypeDetails',
  'AccountDisabled',
  'WhenMailboxCreated',
] as const

/** A mailbox, or the column without which the listing is not complete. */
type MailboxReading =
  | { readonly status: 'mailbox'; readonly mailbox: Mailbox }
  | { readonly status: 'unusable'; readonly column: string }

/**
 * Normalises one row of `Get-Mailbox` (reference 3.8). A mailbox that is synchronised needs its ExchangeGuid, a primary
 * address, its proxy addresses and, for users, AccountDisabled: a default in their place would suspend somebody or
 * take aliases away. A type that is never synchronised is only counted and needs nothing but some stable name.
 */
export function toMailbox(row: MailboxRow): MailboxReading {
  const type = row.RecipientTypeDetails.trim()
  if (type === '') return { status: 'unusable', column: 'RecipientTypeDetails' }
  const kind = kindOfMailbox(type)
  const primary = primaryAddress(row)
  const exchangeGuid = guid(row.ExchangeGuid) ?? (kind === null ? stableName(row) : null)
  const missing = {
    ExchangeGuid: exchangeGuid === null,
    PrimarySmtpAddress: kind !== null && primary === null,
    EmailAddresses: kind !== null && row.EmailAddresses === null,
    AccountDisabled: kind === 'user' && row.AccountDisabled === null,
  }
  const column = Object.entries(missing).find(([, isMissing]) => isMissing)?.[0]
  if (exchangeGuid === null || column !== undefined) {
    return { status: 'unusable', column: column ?? 'ExchangeGuid' }
  }
  const known = {
    identifier: row.ExternalDirectoryObjectId.trim().toLowerCase() || null,
    exchangeGuid,
    recipientTypeDetails: type,
    displayName: row.DisplayName,
    primarySmtpAddress: primary ?? '',
    secondarySmtpAddresses: secondaryAddresses(row, primary),
    accountDisabled: row.AccountDisabled ?? false,
  }
  return { status: 'mailbox', mailbox: { ...known, names: furtherNames(row, known) } }
}

/** A GUID in lower case; `null` for anything else and for the zero GUID, which stands for "none". */
function guid(text: string): string | null {
  const id = text.trim().toLowerCase()
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  return isGuid && !/^[0-]+$/.test(id) ? id : null
}

function stableName(row: MailboxRow): string | null {
  const names = [row.Guid, row.ExternalDirectoryObjectId, row.Identity, row.Name]
  return names.map(fold).find((name) => name !== '') ?? null
}

// The upper-case prefix marks the primary address; only for that the case of the prefix matters.
function primaryAddress(row: MailboxRow): string | null {
  const marked = row.EmailAddresses?.find((proxy) => proxy.startsWith('SMTP:'))?.slice(5)
  return address(row.PrimarySmtpAddress) ?? address(marked ?? '')
}

function secondaryAddresses(row: MailboxRow, primary: string | null): readonly string[] {
  const smtp = (row.EmailAddresses ?? []).filter((proxy) => /^smtp:/i.test(proxy))
  const found = smtp
    .map((proxy) => address(standAlone(proxy.slice(5))))
    .filter((found) => found !== null)
    .filter((found) => found !== primary)
  return found.length === 0 ? none : [...new Set(found)].sort(byText)
}

function address(text: string): string | null {
  const trimmed = text.trim().toLowerCase()
  return /^[^\s@]+@[^\s@]+$/.test(trimmed) ? trimmed : null
}

/** Names that the other properties do not say already: most mailboxes have one. */
function furtherNames(row: MailboxRow, mailbox: Omit<Mailbox, 'names'>): readonly string[] {
  const { identifier, displayName, primarySmtpAddress, secondarySmtpAddresses } = mailbox
  const names = [row.UserPrincipalName, row.Name, row.Alias, row.Identity, row.Id].map(fold)
  const further = new Set(names)
  const said = [identifier ?? '', fold(displayName), primarySmtpAddress, ...secondarySmtpAddresses]
  for (const name of ['', ...said]) further.delete(name)
  return further.size === 0 ? none : [...further]
}
