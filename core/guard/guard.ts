import { byText, domainOf } from '../model/address.ts'
import type { Action, Change } from '../model/change.ts'
import type { GuardVerdict } from '../model/run.ts'
import { isOverLimit } from './limit.ts'

/** An account as the guard counts it. */
interface CountedAccount {
  readonly kind: 'user' | 'functional'
  readonly address: string
}

const countedActions: ReadonlySet<Action> = new Set(['create', 'update', 'suspend', 'reactivate'])

/**
 * The large-change guard (contract, section 7), a pure function over a finished plan. `changed` counts accounts
 * with a planned create, update, suspend or reactivate that this run would make (deferred ones would not be);
 * `total` is every account in Zivver. It says whether the limit is exceeded; whether that blocks the run is
 * decided by the run's mode and flags.
 */
export function evaluateGuard(
  changes: readonly Change[],
  accounts: readonly CountedAccount[],
  limitPercent: number,
): GuardVerdict {
  const counted = changes.filter(
    (change) => change.status !== 'deferred' && countedActions.has(change.action),
  )
  const changed = counted.length
  const total = accounts.length
  const verdict = { changed, total, limit_percent: limitPercent }
  const isOver = isOverLimit(verdict)
  return {
    ...verdict,
    blocked: isOver,
    findings: isOver
      ? [limitFinding(changed, total, limitPercent), ...shares(counted, accounts)]
      : hiddenShares(counted, accounts, limitPercent),
  }
}

function limitFinding(changed: number, total: number, limitPercent: number): string {
  if (total === 0) return `${changed} accounts would be changed, but Zivver has none yet`
  return `${changed} of ${total} accounts (${percent(changed, total)}) would be created, updated, suspended or reactivated; the limit is ${limitPercent} %`
}

/** Where the changes fall, as information: by action, kind and domain. */
function shares(counted: readonly Change[], accounts: readonly CountedAccount[]): string[] {
  const findings: string[] = []
  for (const action of ['create', 'update', 'suspend', 'reactivate'] as const) {
    const ofAction = counted.filter((change) => change.action === action)
    if (ofAction.length === 0) continue
    const identifierOnly = ofAction.filter(isIdentifierOnly).length
    findings.push(
      `${action}: ${ofAction.length}${identifierOnly > 0 ? `, of which ${identifierOnly} only write the identifier` : ''}`,
    )
  }
  for (const { name, changed, total } of segments(counted, accounts)) {
    findings.push(`${name}: ${changed} of ${total} (${percent(changed, total)})`)
  }
  return findings
}

/** From here on a part of the accounts is worth a word, unless all of it changes. */
const fewChanges = 10

/**
 * What the total hides, as information: a kind or a domain of which more would change than the limit allows for all
 * ("8 % in total, but 100 % of the functional accounts").
 */
function hiddenShares(
  counted: readonly Change[],
  accounts: readonly CountedAccount[],
  limitPercent: number,
): string[] {
  const all = percent(counted.length, accounts.length)
  return segments(counted, accounts)
    .filter(({ changed, total }) => changed >= fewChanges || changed === total)
    .filter(({ changed, total }) => isOverLimit({ changed, total, limit_percent: limitPercent }))
    .map(({ name, changed, total }) => {
      const part = `${percent(changed, total)} of the ${name}`
      return `${all} in total, but ${part} (${changed} of ${total})`
    })
}

interface Segment {
  /** `functional accounts`, `accounts of contoso.example`. */
  readonly name: string
  /** Of its accounts; creates are none of them yet. */
  readonly changed: number
  readonly total: number
}

/** The parts of the accounts that would change, by kind and by domain. */
function segments(
  counted: readonly Change[],
  accounts: readonly CountedAccount[],
): readonly Segment[] {
  return [
    ...segmentsBy(
      counted,
      accounts,
      ({ kind }) => kind,
      (kind) => `${kind} accounts`,
    ),
    ...segmentsBy(
      counted,
      accounts,
      ({ address }) => domainOf(address),
      (domain) => `accounts of ${domain}`,
    ),
  ]
}

/** @param nameOf the name of a part; made of its key once, not for each account */
function segmentsBy(
  counted: readonly Change[],
  accounts: readonly CountedAccount[],
  keyOf: (account: CountedAccount) => string,
  nameOf: (key: string) => string,
): readonly Segment[] {
  const changes = countBy(
    counted.filter((change) => change.action !== 'create'),
    keyOf,
  )
  if (changes.size === 0) return []
  const totals = countBy(accounts, keyOf)
  return [...changes]
    .sort(([left], [right]) => byText(left, right))
    .map(([key, changed]) => ({ name: nameOf(key), changed, total: totals.get(key) ?? 0 }))
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const key = keyOf(item)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** True for an update that does nothing but write the identifier (and with it the SSO key). */
function isIdentifierOnly(change: Change): boolean {
  return (
    change.action === 'update' &&
    change.fields.some((field) => field.path === 'ExternalAccountId') &&
    change.fields.every(
      (field) => field.path === 'ExternalAccountId' || field.path === 'SsoAccountKey',
    )
  )
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'of none' : `${((100 * part) / whole).toFixed(1)} %`
}
