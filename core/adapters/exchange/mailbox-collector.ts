import { setImmediate as nextTurn } from 'node:timers/promises'
import { byText } from '../../model/address.ts'
import type { Mailbox } from '../../model/mailbox.ts'
import { exchangeIncomplete } from './exchange-errors.ts'
import { toMailbox } from './mailbox-rows.ts'
import { type MailboxRow, mailboxRow } from './payloads.ts'

/** So many rows are normalised in one turn of the event loop: permission readings are under way meanwhile. */
const rowsPerTurn = 25

/** Gathers the mailboxes of one listing: normalised, a mailbox that comes twice kept once. */
export class MailboxCollector {
  readonly #byGuid = new Map<string, Mailbox>()
  readonly #everSeen = new Set<string>()
  readonly #onMailboxes: (mailboxes: readonly Mailbox[]) => void

  constructor(onMailboxes: (mailboxes: readonly Mailbox[]) => void) {
    this.#onMailboxes = onMailboxes
  }

  /**
   * Takes the rows of one page.
   * @param where names the page in messages
   * @returns how many mailboxes were not known before
   * @throws SyncError `SOURCE_INCOMPLETE` for a row without which the listing is not complete
   */
  async add(rows: readonly unknown[], where: string): Promise<number> {
    const before = this.#byGuid.size
    for (let begin = 0; begin < rows.length; begin += rowsPerTurn) {
      if (begin > 0) await nextTurn()
      const some = rows
        .slice(begin, begin + rowsPerTurn)
        .map((row, index) => readRow(row, `${where}, row ${begin + index + 1}`))
      for (const mailbox of some) this.#byGuid.set(mailbox.exchangeGuid, mailbox)
      this.remember(some)
      this.#onMailboxes(some)
    }
    return this.#byGuid.size - before
  }

  /** Remembers mailboxes that the finished listing has to contain, without adding them to it. */
  remember(page: readonly Mailbox[]): void {
    for (const mailbox of page) this.#everSeen.add(mailbox.exchangeGuid)
  }

  /** Begins again with an empty list; what was seen must be seen again. */
  restart(): void {
    this.#byGuid.clear()
  }

  /**
   * The mailboxes, sorted by ExchangeGuid.
   * @throws SyncError `SOURCE_INCOMPLETE` when one that was seen on the way is not among them
   */
  finish(): Mailbox[] {
    const lost = [...this.#everSeen].filter((guid) => !this.#byGuid.has(guid))
    if (lost.length > 0) {
      throw exchangeIncomplete(
        'Get-Mailbox',
        `${lost.length} mailboxes that an interrupted listing showed are missing from the next one (first: ${lost[0]})`,
      )
    }
    return [...this.#byGuid.values()].sort((left, right) =>
      byText(left.exchangeGuid, right.exchangeGuid),
    )
  }
}

/** One row as a mailbox. @throws SyncError `SOURCE_INCOMPLETE` naming the row */
export function readRow(row: unknown, where: string): Mailbox {
  const parsed = mailboxRow.safeParse(row)
  if (!parsed.success) throw exchangeIncomplete(where, 'is no mailbox')
  const reading = toMailbox(parsed.data)
  if (reading.status === 'mailbox') return reading.mailbox
  throw exchangeIncomplete(where, `${nameOf(parsed.data)} has no usable ${reading.column}`)
}

function nameOf(row: MailboxRow): string {
  const name = row.Identity || row.Guid || row.ExternalDirectoryObjectId || row.DisplayName
  return name === '' ? 'a mailbox without a name' : `mailbox "${name}"`
}
