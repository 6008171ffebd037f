import { setImmediate as nextTurn } from 'node:timers/promises'
import { SyncError } from '../../errors.ts'
import { type Complete, sealComplete } from '../../model/complete.ts'
import type { FullAccessReading, Mailbox } from '../../model/mailbox.ts'
import type { MailboxSource, RecipientFinding } from '../../ports.ts'
import type { CmdletReply } from './cmdlet-attempt.ts'
import { CmdletRunner } from './cmdlet-runner.ts'
import type { Cmdlet } from './cmdlet-wire.ts'
import { ExchangeClient, type ExchangeClientOptions } from './exchange-client.ts'
import { exchangeIncomplete } from './exchange-errors.ts'
import { permissionCmdlet, readingOf } from './full-access-reader.ts'
import { listAllMailboxes } from './mailbox-listing.ts'
import { mailboxRow } from './payloads.ts'

/** Exchange Online as the core sees it. */
export function createExchangeMailboxSource(options: ExchangeClientOptions): MailboxSource {
  const client = new ExchangeClient(options)
  const runner = new CmdletRunner(client, options.concurrency)
  return {
    listMailboxes: (onMailboxes = () => undefined) => listMailboxes(client, options, onMailboxes),
    preferredBatch: () => runner.preferredBatch,
    parallelBatches: () => runner.parallelBatches,
    readFullAccess: (mailboxes) => readFullAccess(client, runner, mailboxes),
    probeMailboxes: (identifiers) => probeMailboxes(runner, identifiers),
    findRecipient: (text) => findRecipient(runner, text),
  }
}

async function listMailboxes(
  client: ExchangeClient,
  { clock }: ExchangeClientOptions,
  onMailboxes: (page: readonly Mailbox[]) => void,
): Promise<Complete<Mailbox>> {
  const mailboxes = await listAllMailboxes(client, clock.now(), onMailboxes)
  if (mailboxes.length > 0) return sealComplete(mailboxes)
  throw new SyncError(
    'SOURCE_EMPTY',
    'Exchange Online listed no mailbox at all. That is taken for a missing right or a wrong tenant, never for an empty tenant.',
  )
}

async function readFullAccess(
  client: ExchangeClient,
  runner: CmdletRunner,
  mailboxes: readonly Mailbox[],
): Promise<readonly FullAccessReading[]> {
  const replies = await runner.run(mailboxes, permissionCmdlet)
  // The cmdlets that wait for these places leave first: their time is the run's, that of reading an answer is not.
  await nextTurn()
  return Promise.all(replies.map(([mailbox, reply]) => readingOf(client, mailbox, reply)))
}

async function probeMailboxes(
  runner: CmdletRunner,
  identifiers: readonly string[],
): Promise<ReadonlyMap<string, 'present' | 'absent'>> {
  const replies = await runner.run(identifiers, (identifier) => ({
    ...identityCmdlet('Get-Mailbox', identifier),
    subject: identifier,
  }))
  return new Map(replies.map(([identifier, reply]) => [identifier, presence(identifier, reply)]))
}

function presence(identifier: string, reply: CmdletReply): 'present' | 'absent' {
  if (reply.status === 'answered' && reply.page.rows.length > 0) return 'present'
  if (reply.status === 'failed' && reply.failure.kind === 'not_found') return 'absent'
  const detail = reply.status === 'failed' ? reply.failure.detail : 'an answer without rows'
  throw exchangeIncomplete(
    `Get-Mailbox of ${identifier}`,
    `it is unclear whether the mailbox exists: ${detail}`,
  )
}

async function findRecipient(runner: CmdletRunner, text: string): Promise<RecipientFinding> {
  return findingOf(await runner.runOne(identityCmdlet('Get-Recipient', text)))
}

function findingOf(reply: CmdletReply): RecipientFinding {
  if (reply.status === 'failed') {
    return reply.failure.kind === 'not_found'
      ? { status: 'absent' }
      : { status: 'unknown', reason: reply.failure.detail }
  }
  const { rows } = reply.page
  const row = mailboxRow.safeParse(rows[0]).data
  if (rows.length !== 1 || reply.page.nextLink !== null) {
    return { status: 'unknown', reason: `${rows.length} recipients have this name` }
  }
  if (row === undefined || row.RecipientTypeDetails === '') {
    return { status: 'unknown', reason: 'the recipient has no type' }
  }
  return {
    status: 'found',
    identifier: row.ExternalDirectoryObjectId.trim().toLowerCase() || null,
    recipientTypeDetails: row.RecipientTypeDetails,
  }
}

// Exchange may take an empty identity for "all" (reference 3.4): it must never get there.
function identityCmdlet(name: 'Get-Mailbox' | 'Get-Recipient', identity: string): Cmdlet {
  if (identity.trim() === '') throw new TypeError(`${name} must not be asked without an identity`)
  const select = ['ExternalDirectoryObjectId', 'RecipientTypeDetails']
  return { name, parameters: { Identity: identity }, select }
}
