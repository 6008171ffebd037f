import type { Mailbox } from '../../model/mailbox.ts'
import { walkPages } from './cmdlet-pages.ts'
import { type Cmdlet, listTimeoutMs } from './cmdlet-wire.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { exchangeIncomplete } from './exchange-errors.ts'
import { MailboxCollector } from './mailbox-collector.ts'
import { listByPartitions } from './mailbox-partitions.ts'
import { mailboxColumns } from './mailbox-rows.ts'

const maxRestarts = 2

const everyMailbox: Cmdlet = {
  name: 'Get-Mailbox',
  parameters: { ResultSize: 'Unlimited' },
  select: mailboxColumns,
}

/**
 * Lists all mailboxes, all or nothing (reference 3.6). A refused cursor means that the pages so far are worth nothing:
 * the listing starts again, twice at most, and is then read in parts that fit on one page each.
 * @param onMailboxes gets every part of a page as it is read; a mailbox may come again after a restart
 * @throws SyncError `SOURCE_INCOMPLETE`, `SOURCE_UNREACHABLE`, `EXCHANGE_*`; LongWait
 */
export async function listAllMailboxes(
  client: ExchangeClient,
  now: Date,
  onMailboxes: (mailboxes: readonly Mailbox[]) => void,
): Promise<Mailbox[]> {
  const collector = new MailboxCollector(onMailboxes)
  for (let start = 0; start <= maxRestarts; start++) {
    collector.restart()
    const failure = await walkPages(
      client,
      everyMailbox,
      { timeoutMs: listTimeoutMs },
      (rows, page) => collector.add(rows, `Get-Mailbox, page ${page}`),
    )
    if (failure === null) return collector.finish()
    if (failure.kind !== 'cursor_refused') throw exchangeIncomplete('Get-Mailbox', failure.detail)
  }
  collector.restart()
  await listByPartitions(client, now, collector)
  return collector.finish()
}
