import { byText, domainOf } from '../model/address.ts'
import type { Action, Change } from '../model/change.ts'
import type { GuardVerdict } from '../model/run.ts'

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
  const exceeded = exceeds(changed, total, limitPercent)
  return {
    blocked: exceeded,
    changed,
    total,
    limit_percent: limitPercent,
    findings: exceeded
      ? [limitFinding(changed, total, limitPercent), ...shares(counted, accounts)]
      : [],
  }
}

function exceeds(changed: number, total: number, limitPercent: number): boolean {
  if (changed === 0) return false
  if (limitPercent === 0 || total === 0) return true
  return changed > 1 && 100 * changed > limitPercent * total
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
  findings.push(...shareBy(counted, accounts, kindOf))
  findings.push(...shareBy(counted, accounts, (account) => domainOf(account.address)))
  return findings
}

function kindOf(account: CountedAccount): string {
  return account.kind === 'user' ? 'user accounts' : 'functional accounts'
}

function shareBy(
  counted: readonly Change[],
  accounts: readonly CountedAccount[],
  keyOf: (account: CountedAccount) => string,
): string[] {
  const totals = countBy(accounts, keyOf)
  const changes = countBy(
    counted.filter((change) => change.action !== 'create'),
    keyOf,
  )
  return [...changes]
    .sort(([left], [right]) => byText(left, right))
    .map(([key, changed]) => {
      const total = totals.get(key) ?? 0
      return `${key}: ${changed} of ${total} (${percent(changed, total)})`
    })
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
