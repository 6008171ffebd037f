import { isTruncated } from './cmdlet-pages.ts'
import { type Cmdlet, listTimeoutMs, pageSize } from './cmdlet-wire.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { exchangeIncomplete } from './exchange-errors.ts'
import { type MailboxCollector, readRow } from './mailbox-collector.ts'
import { mailboxColumns } from './mailbox-rows.ts'
import { type CmdletPage, mailboxRow } from './payloads.ts'

/** Mailboxes of some types, created from `from` on and before `to` (milliseconds; `null` = open). */
interface Part {
  readonly types: readonly string[]
  readonly from: number | null
  readonly to: number | null
}

/** Every value that `Get-Mailbox -RecipientTypeDetails` takes, but `GroupMailbox`, which it gives on request only. */
const partsByType = [
  ['UserMailbox'],
  ['SharedMailbox'],
  ['RoomMailbox'],
  ['EquipmentMailbox'],
  [
    'DiscoveryMailbox',
    'LegacyMailbox',
    'LinkedMailbox',
    'LinkedRoomMailbox',
    'SchedulingMailbox',
    'TeamMailbox',
  ],
] as const

/** Exchange Online has no older mailboxes; an open end covers what claims to be. */
const earliest = Date.UTC(2000, 0, 1)
const dayMs = 86_400_000
const secondMs = 1000

/**
 * Lists all mailboxes without a cursor: by type, and where that is more than fits on one page, by halving ranges of
 * WhenMailboxCreated until every part is shorter than a page. Each row is checked against what was asked for, so that
 * a service that ignores a filter is noticed; the collector checks that nothing that was ever shown is missing.
 * @throws SyncError `SOURCE_INCOMPLETE` when a part cannot be made short enough or a filter is ignored
 */
export async function listByPartitions(
  client: ExchangeClient,
  now: Date,
  collector: MailboxCollector,
): Promise<void> {
  const parts: Part[] = partsByType.map((types) => ({ types, from: null, to: null }))
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const name = partName(part)
    const page = await readPart(client, part, name)
    checkPart(part, page, name)
    if (isWhole(page)) {
      await collector.add(page.rows, name)
    } else {
      collector.remember(page.rows.map((row) => readRow(row, name)))
      parts.push(...halves(part, now, name))
    }
  }
}

async function readPart(client: ExchangeClient, part: Part, name: string): Promise<CmdletPage> {
  const cmdlet = partCmdlet(part)
  const reply = await client.invoke(cmdlet, { label: name, timeoutMs: listTimeoutMs })
  if (reply.status === 'failed') throw exchangeIncomplete(name, reply.failure.detail)
  return reply.page
}

function partCmdlet({ types, from, to }: Part): Cmdlet {
  const bounds = [
    from === null ? [] : [`WhenMailboxCreated -ge '${iso(from)}'`],
    to === null ? [] : [`WhenMailboxCreated -lt '${iso(to)}'`],
  ].flat()
  return {
    name: 'Get-Mailbox',
    parameters: {
      ResultSize: 'Unlimited',
      RecipientTypeDetails: types,
      ...(bounds.length === 0 ? {} : { Filter: bounds.join(' -and ') }),
    },
    select: mailboxColumns,
  }
}

function isWhole(page: CmdletPage): boolean {
  return page.nextLink === null && !isTruncated(page) && page.rows.length < pageSize
}

function halves(part: Part, now: Date, name: string): Part[] {
  const from = part.from ?? earliest
  const to = part.to ?? now.getTime() + dayMs
  const middle = Math.floor((from + to) / 2 / secondMs) * secondMs
  if (middle <= from || middle >= to) {
    throw exchangeIncomplete(
      name,
      'paging is refused, and too many mailboxes were created in one second to list them otherwise',
    )
  }
  return [
    { ...part, to: middle },
    { ...part, from: middle },
  ]
}

function checkPart(part: Part, page: CmdletPage, name: string): void {
  const stray = page.rows.some((row) => {
    const parsed = mailboxRow.safeParse(row)
    return !parsed.success || !belongs(part, parsed.data)
  })
  if (stray) throw exchangeIncomplete(name, 'the answer holds mailboxes that were not asked for')
}

function belongs(
  { types, from, to }: Part,
  row: { readonly RecipientTypeDetails: string; readonly WhenMailboxCreated: string },
): boolean {
  if (!types.includes(row.RecipientTypeDetails)) return false
  if (from === null && to === null) return true
  const created = Date.parse(row.WhenMailboxCreated)
  // A day of grace: rows may give their time in another zone than the filter does.
  return created >= (from ?? -Infinity) - dayMs && created < (to ?? Infinity) + dayMs
}

function partName({ types, from, to }: Part): string {
  const range = from === null && to === null ? '' : `, created ${dateOr(from)} to ${dateOr(to)}`
  return `Get-Mailbox of ${types.join(', ')}${range}`
}

function dateOr(time: number | null): string {
  return time === null ? 'any time' : iso(time)
}

function iso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z')
}
