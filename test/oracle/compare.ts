import type { AccountView, Expected, ExpectedAccount, OracleRow } from './model.ts'
import { lower } from './text.ts'

/** What is really there after a run. */
export interface Actual {
  readonly accounts: readonly AccountView[]
  readonly rows: readonly OracleRow[]
}

const fields = [
  'id',
  'kind',
  'address',
  'displayName',
  'aliases',
  'delegates',
  'active',
  'externalAccountId',
] as const

/** Every difference between what a run should have left and what it left, one sentence each; none = they agree. */
export function compare(expected: Expected, actual: Actual): readonly string[] {
  return [...compareAccounts(expected, actual), ...compareRows(expected, actual)]
}

function compareAccounts(expected: Expected, actual: Actual): readonly string[] {
  const left = new Map(actual.accounts.map((account) => [account.id, account]))
  const differences = expected.accounts.flatMap((wanted) => {
    const found =
      wanted.id === null
        ? actual.accounts.find(({ id, address }) => address === wanted.address && left.has(id))
        : left.get(wanted.id)
    if (found === undefined) return [`${nameOf(wanted)} is missing`]
    left.delete(found.id)
    return fields.flatMap((field) => differenceIn(field, wanted, found))
  })
  return [...differences, ...[...left.values()].map((extra) => `${nameOf(extra)} is too many`)]
}

function differenceIn(
  field: (typeof fields)[number],
  wanted: ExpectedAccount,
  found: AccountView,
): readonly string[] {
  // The id of a new account is Zivver's choice.
  if (field === 'id' && wanted.id === null) return []
  const isLeftOpen = (address: string) => wanted.suspendedDelegates.includes(address)
  const value =
    field === 'delegates' ? found.delegates.filter((each) => !isLeftOpen(each)) : found[field]
  const [want, have] = [JSON.stringify(wanted[field]), JSON.stringify(value)]
  // Case alone is never written, but corrected in passing.
  const isSame = field === 'externalAccountId' ? lower(want) === lower(have) : want === have
  return isSame ? [] : [`${nameOf(wanted)}: ${field} is ${have}, not ${want}`]
}

function compareRows(expected: Expected, actual: Actual): readonly string[] {
  const byAddress = new Map(actual.accounts.map(({ address, id }) => [address, id]))
  const left = new Map(actual.rows.map((row) => [row.key, row]))
  const differences = expected.rows.flatMap(({ key, account, active }) => {
    const found = left.get(key)
    left.delete(key)
    if (found === undefined) return [`row ${key} is missing`]
    const scimId = 'id' in account ? account.id : byAddress.get(account.address)
    return [
      ...(found.scimId === scimId ? [] : [`row ${key} names ${found.scimId}, not ${scimId}`]),
      ...(found.active === active ? [] : [`row ${key}: active is ${found.active}, not ${active}`]),
    ]
  })
  const extra = [...left.values()].map(({ key, scimId }) => `row ${key} of ${scimId} is too many`)
  return [...differences, ...extra]
}

function nameOf({ kind, address, id }: { kind: string; address: string; id: string | null }) {
  return `${kind} ${address}${id === null ? '' : ` (${id})`}`
}
