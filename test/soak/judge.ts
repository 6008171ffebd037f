/**
 * What must hold at every moment of a round, faults or not: pure functions over what the simulated Zivver logged and
 * holds, what the mapping table holds, and what the oracle says that a run may leave. Each returns sentences; none = it holds.
 */
import type { AccountView, Before, Expected, OracleRow } from '../oracle/model.ts'
import type { Write } from '../simulators/zivver/write-log.ts'

/** What a round began with, and what every run of it must lead to. */
export interface Round {
  readonly before: Pick<Before, 'accounts' | 'rows'>
  readonly expected: Expected
}

/** What there is at one moment of a round. */
export interface Sight {
  /** All writes of the round so far, in order. */
  readonly writes: readonly Write[]
  readonly accounts: readonly AccountView[]
  readonly rows: readonly OracleRow[]
}

/** A change that a run reports as applied. */
export interface AppliedChange {
  readonly action: string
  readonly address: string
  readonly scimId: string | null
}

const lower = (text: string) => text.toLowerCase()

/** Users made inactive, rows that say suspended, and functional accounts without any of the members that must stay. */
export function wrongSuspensions(round: Round, sight: Sight): readonly string[] {
  return [...suspendedUsers(round, sight), ...suspendedRows(round, sight), ...emptied(round, sight)]
}

function suspendedUsers({ before, expected }: Round, { writes, accounts }: Sight): string[] {
  const allowed = new Set(expected.accounts.filter(({ active }) => !active).map(({ id }) => id))
  const wereActive = new Set(before.accounts.filter(({ active }) => active).map(({ id }) => id))
  const written = writes
    .filter(({ outcome, body }) => outcome === 'applied' && isSuspension(body))
    .map(({ id }) => id)
  const found = accounts
    .filter(({ id, active }) => !active && wereActive.has(id))
    .map(({ id }) => id)
  return [...new Set([...written, ...found])]
    .filter((id) => !allowed.has(id))
    .map((id) => `user ${nameOf(id, accounts)} was suspended, and the oracle wants it active`)
}

function isSuspension(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('active' in body)) return false
  return lower(String(body.active)) === 'false'
}

/** A functional account has no switch: that it is suspended is said by its row alone. */
function suspendedRows({ before, expected }: Round, { rows }: Sight): string[] {
  const sameKey = (key: string) => (other: { readonly key: string }) =>
    lower(other.key) === lower(key)
  return rows
    .filter(({ key, active }) => {
      const wasSuspended = before.rows.find(sameKey(key))?.active === false
      const maySay = expected.rows.find(sameKey(key))?.active === false
      return !active && !wasSuspended && !maySay
    })
    .map(({ key, address }) => `row ${key} of ${address} says suspended, and the oracle does not`)
}

function emptied({ before, expected }: Round, { accounts }: Sight): string[] {
  const idsBefore = idsByAddress(before.accounts)
  const idsExpected = idsByAddress(expected.accounts)
  return accounts.flatMap(({ id, kind, address, delegates }) => {
    if (kind === 'user' || delegates.length > 0) return []
    const had = before.accounts.find((account) => account.id === id)?.delegates ?? []
    const wanted = expected.accounts.find((account) => account.id === id)?.delegates ?? []
    const mustStay = new Set(wanted.map((delegate) => idsExpected.get(delegate)))
    const lost = had.filter((delegate) => mustStay.has(idsBefore.get(delegate)))
    return lost.length === 0
      ? []
      : [`functional ${address} lost all its members, ${lost.join(', ')} among them, who must stay`]
  })
}

function idsByAddress(
  accounts: readonly { readonly address: string; readonly id: string | null }[],
) {
  return new Map(
    accounts.flatMap(({ address, id }) => (id === null ? [] : [[address, id] as const])),
  )
}

function nameOf(id: string | null, accounts: readonly AccountView[]): string {
  const address = accounts.find((account) => account.id === id)?.address
  return `${address ?? 'that is gone'} (${id})`
}

/**
 * Accounts made twice or made for nobody, and creates that Zivver refused because the account was there already.
 * @param mayBeStray says of a write that it may be the one that a paused host had begun
 */
export function duplicates(
  { before, expected }: Round,
  { writes, accounts }: Sight,
  mayBeStray: (write: Write) => boolean,
): readonly string[] {
  const wanted = new Set(
    expected.accounts.flatMap(({ id, address }) => (id === null ? address : [])),
  )
  const creates = writes.filter(({ method }) => method === 'POST')
  const made = creates.filter(({ outcome }) => outcome === 'applied').map(createdAddress)
  const again = creates.filter(
    (write) =>
      write.outcome === 'refused' &&
      /address is already taken/i.test(write.message ?? '') &&
      !mayBeStray(write),
  )
  return [
    ...made
      .filter((address) => !wanted.has(address))
      .map((address) => `${address} was made for nobody`),
    ...made
      .filter((address, at) => made.indexOf(address) < at)
      .map((address) => `${address} was made twice`),
    ...again.map((write) => `${createdAddress(write)} was to be made again: ${write.message}`),
    ...sharedIdentifiers(before.accounts, accounts),
  ]
}

function createdAddress({ body }: Write): string {
  const { userName, externalId } = body as { userName?: string; externalId?: string }
  return lower(userName ?? externalId ?? '')
}

/** Two accounts of one mailbox that were not there when the round began. */
function sharedIdentifiers(before: readonly AccountView[], now: readonly AccountView[]): string[] {
  const old = countByIdentifier(before)
  return [...countByIdentifier(now)]
    .filter(([identifier, count]) => count > Math.max(1, old.get(identifier) ?? 0))
    .map(([identifier, count]) => `${count} accounts have the identifier ${identifier}`)
}

function countByIdentifier(accounts: readonly AccountView[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { externalAccountId } of accounts) {
    if (externalAccountId === null) continue
    const identifier = lower(externalAccountId)
    counts.set(identifier, (counts.get(identifier) ?? 0) + 1)
  }
  return counts
}

/** Rows that are gone or name another account although the oracle keeps them, and applied changes without a row. */
export function lostMappings(
  { before, expected }: Round,
  rows: readonly OracleRow[],
  applied: readonly AppliedChange[],
): readonly string[] {
  const now = new Map(rows.map((row) => [row.key, row.scimId]))
  const linked = new Set(rows.map(({ scimId }) => scimId))
  const kept = before.rows.filter(({ key, scimId }) =>
    expected.rows.some(({ key: wanted, account }) => wanted === key && isOf(account, scimId)),
  )
  return [
    ...kept
      .filter(({ key, scimId }) => now.get(key) !== scimId)
      .map(({ key, scimId }) => `row ${key} no longer names ${scimId}, and the oracle keeps it`),
    ...applied
      .filter(({ scimId }) => scimId !== null && !linked.has(scimId))
      .map(
        ({ action, address, scimId }) =>
          `the ${action} of ${address} is told as applied, and no row names ${scimId}`,
      ),
  ]
}

function isOf(account: Expected['rows'][number]['account'], scimId: string): boolean {
  return 'id' in account && account.id === scimId
}

/** A rate limit: at most `requests` calls in any window of `seconds`. */
export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

/** How long after it was woken the call that a paused host had begun may arrive. */
const strayMs = 1_500

/** The calls that arrived within a window that ends with one of them. */
interface Window {
  readonly count: number
  readonly beginMs: number
  readonly endMs: number
}

function windows(arrivals: readonly number[], { seconds }: RateLimit): readonly Window[] {
  let first = 0
  return arrivals.map((endMs, last) => {
    while ((arrivals[first] ?? endMs) <= endMs - seconds * 1000) first += 1
    return { count: last - first + 1, beginMs: arrivals[first] ?? endMs, endMs }
  })
}

/** The most calls that arrived in any window. @param arrivals of calls at Zivver, in order, in ms */
export function fullestWindow(arrivals: readonly number[], limit: RateLimit): number {
  return windows(arrivals, limit).reduce((most, { count }) => Math.max(most, count), 0)
}

/**
 * Windows with more calls than the limit. A host that is woken may send the one request that it had begun (contract,
 * section 9), which comes on top of what its successor sends.
 * @param arrivals of calls at Zivver, in order, in ms
 * @param wakes moments at which a paused host was woken, in ms of the same clock
 */
export function rateViolations(
  arrivals: readonly number[],
  limit: RateLimit,
  wakes: readonly number[],
): readonly string[] {
  return windows(arrivals, limit).flatMap(({ count, beginMs, endMs }) => {
    const strays = wakes.filter((wake) => wake + strayMs > beginMs && wake <= endMs).length
    return count - strays <= limit.requests
      ? []
      : [`${count} calls within ${(endMs - beginMs).toFixed(1)} ms, at ${endMs.toFixed(0)} ms`]
  })
}

/** Whether a write may be the one that a paused host had begun before it lost its run. */
export function strayAfter(wakes: readonly number[]): (write: Pick<Write, 'at'>) => boolean {
  return ({ at }) => wakes.some((wake) => wake <= at && at < wake + strayMs)
}
