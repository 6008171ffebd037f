import { type Complete, sealComplete } from '../../core/model/complete.ts'
import type { FullAccessReading, Mailbox, Trustee } from '../../core/model/mailbox.ts'
import type { MailboxSource, RecipientFinding } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

/** What Exchange says about one mailbox's Full Access: its trustees, or why it cannot be read. */
export type FakePermissions = readonly Trustee[] | { readonly failed: string }

/** An Exchange Online that keeps its tenant in memory. Its fields may be changed at any moment, also by an interceptor. */
export class FakeMailboxSource implements MailboxSource {
  readonly calls: PortCalls
  mailboxes: readonly Mailbox[] = []
  /** By identifier; mailboxes that are not named have no trustees. */
  permissions: ReadonlyMap<string, FakePermissions> = new Map()
  /** By the text asked for; others are absent. */
  recipients: ReadonlyMap<string, RecipientFinding> = new Map()
  /** Identifiers that exist but are missing from the list: a truncated listing. */
  hidden: ReadonlySet<string> = new Set()
  pageSize = 1000
  batch = 10
  parallel = 4

  constructor(calls = new PortCalls()) {
    this.calls = calls
  }

  readonly preferredBatch = (): number => this.batch
  readonly parallelBatches = (): number => this.parallel

  async listMailboxes(
    onMailboxes?: (page: readonly Mailbox[]) => void,
  ): Promise<Complete<Mailbox>> {
    const listed: Mailbox[] = []
    let hasMore = true
    while (hasMore) {
      const page = await this.#answer('listMailboxes', [String(listed.length)], () =>
        this.#visible().slice(listed.length, listed.length + this.pageSize),
      )
      onMailboxes?.(page)
      listed.push(...page)
      hasMore = page.length === this.pageSize
    }
    return sealComplete(
      listed.toSorted((left, right) => (left.exchangeGuid < right.exchangeGuid ? -1 : 1)),
    )
  }

  readFullAccess(mailboxes: readonly Mailbox[]): Promise<readonly FullAccessReading[]> {
    const identifiers = mailboxes.map(({ identifier }) => identifier ?? '')
    return this.#answer('readFullAccess', identifiers, () =>
      identifiers.map((identifier) => this.#reading(identifier)),
    )
  }

  probeMailboxes(
    identifiers: readonly string[],
  ): Promise<ReadonlyMap<string, 'present' | 'absent'>> {
    return this.#answer('probeMailboxes', identifiers, () => {
      const existing = new Set(this.mailboxes.map(({ identifier }) => identifier))
      return new Map(identifiers.map((id) => [id, existing.has(id) ? 'present' : 'absent']))
    })
  }

  findRecipient(text: string): Promise<RecipientFinding> {
    return this.#answer(
      'findRecipient',
      [text],
      () => this.recipients.get(text) ?? { status: 'absent' },
    )
  }

  #visible(): readonly Mailbox[] {
    if (this.hidden.size === 0) return this.mailboxes
    return this.mailboxes.filter(({ identifier }) => !this.hidden.has(identifier ?? ''))
  }

  #reading(identifier: string): FullAccessReading {
    const permissions = this.permissions.get(identifier) ?? []
    return 'failed' in permissions
      ? { identifier, status: 'failed', reason: permissions.failed }
      : { identifier, status: 'read', trustees: permissions }
  }

  #answer<Result>(method: string, about: readonly string[], effect: () => Result): Promise<Result> {
    return this.calls.answer({ name: `source.${method}`, about }, effect)
  }
}
