import type { Account } from '../model/account.ts'
import { byText, sameText } from '../model/address.ts'
import type { AccountWrite, Action, FieldChange } from '../model/change.ts'
import type { AccountKind } from '../model/mailbox.ts'
import { type MappingRow, scimRowKey } from '../model/mapping.ts'
import type { Policy } from '../model/plan.ts'
import type { DelegateComparison } from './delegates.ts'
import {
  createWrite,
  differenceOf,
  differenceOfCreate,
  emptiesMembers,
  extensionOf,
  fieldsOf,
  isDifferent,
  updateWrite,
} from './diff.ts'
import { type Few, listOf } from './few.ts'
import type { GrantedWish } from './ownership.ts'

/** One call that a draft needs, before its place in the order is known. */
interface DraftWrite {
  readonly call: 'create' | 'update' | 'empty_members'
  readonly write: AccountWrite
}

/** A change before it has its place in the order. */
export interface Draft {
  readonly action: Action
  readonly kind: AccountKind
  readonly address: string
  readonly identifier: string | null
  readonly scimId: string | null
  readonly displayName: string
  readonly fields: readonly FieldChange[]
  readonly reason: string
  /** `false` = planned and shown as deferred. */
  readonly allowed: boolean
  readonly writes: readonly DraftWrite[]
  readonly row: MappingRow
  readonly removeRows: readonly string[]
  /** Addresses that the account gives up, and those that it takes. */
  readonly frees: readonly string[]
  readonly claims: readonly string[]
  /** Identifiers of delegates whose create or reactivation comes first. */
  readonly needs: readonly string[]
  /** The write that only gives up addresses, for a change that a cycle of addresses forces to park. */
  readonly park: AccountWrite | null
}

/** The change that a wish asks for, or `null` when the account already agrees. */
export function draftOfWish(
  granted: GrantedWish,
  delegates: DelegateComparison,
  policy: Policy,
): Draft | null {
  return granted.wish.account === null
    ? draftOfCreate(granted, delegates, policy)
    : draftOfExisting(granted, granted.wish.account, delegates, policy)
}

function draftOfCreate(granted: GrantedWish, delegates: DelegateComparison, policy: Policy): Draft {
  const { desired } = granted.wish
  return {
    ...identityOf(granted, null),
    action: 'create',
    fields: fieldsOf(granted, differenceOfCreate(granted, delegates, policy), delegates, policy),
    reason: 'new_mailbox',
    writes: [{ call: 'create', write: createWrite(granted, delegates, policy) }],
    row: rowOf(granted, '', policy),
    removeRows: [],
    frees: [],
    claims: [desired.address, ...granted.aliases],
    needs: delegates.needs,
    park: null,
  }
}

function draftOfExisting(
  granted: GrantedWish,
  account: Account,
  delegates: DelegateComparison,
  policy: Policy,
): Draft | null {
  const difference = differenceOf(account, granted, delegates, policy)
  const differs = isDifferent(difference)
  const removeRows = otherKeys(granted.wish.rows, granted.wish.desired.identifier)
  const isLinked = removeRows.length === 0 && rowAgrees(granted, account)
  // A reset links every account afresh, so that rows which no change wrote can be told by their run and deleted.
  if (!differs && granted.wish.action === 'update' && isLinked && !policy.resetAccountMapping)
    return null
  const main = updateWrite(granted, difference, delegates, policy)
  const isLink = !differs && granted.wish.action === 'update'
  const owned = new Set([account.address, ...account.aliases])
  const future = new Set([granted.wish.desired.address, ...granted.aliases])
  return {
    ...identityOf(granted, account),
    action: isLink ? 'link' : granted.wish.action,
    allowed: isLink ? policy.actions.has('link') : granted.wish.allowed,
    fields: fieldsOf(granted, difference, delegates, policy),
    reason: reasonOf(granted, isLink),
    writes: [
      ...(main === null ? [] : [{ call: 'update' as const, write: main }]),
      ...(emptiesMembers(granted, delegates)
        ? [{ call: 'empty_members' as const, write: {} }]
        : []),
    ],
    row: rowOf(granted, account.scimId, policy),
    removeRows,
    frees: [...owned].filter((address) => !future.has(address)),
    claims: [...future].filter((address) => !owned.has(address)),
    needs: delegates.needs,
    park: parkWrite(granted, account, delegates, policy),
  }
}

function identityOf(granted: GrantedWish, account: Account | null) {
  return {
    kind: granted.wish.desired.kind,
    address: account?.address ?? granted.wish.desired.address,
    identifier: granted.wish.desired.identifier,
    scimId: account?.scimId ?? null,
    displayName: granted.wish.desired.displayName,
    allowed: granted.wish.allowed,
  }
}

function reasonOf(granted: GrantedWish, isLink: boolean): string {
  if (granted.wish.action === 'reactivate') return 'back_in_scope'
  switch (granted.wish.rule) {
    case 'identifier_in_zivver':
      return 'adopted_by_identifier'
    case 'same_address':
      return 'adopted_by_address'
    case 'former_address':
      return 'adopted_by_former_address'
    case 'mailbox_made_again':
      return 'mailbox_made_again'
    case 'relinked':
      return 'relinked'
    case 'mapping_row':
    case null:
      return isLink ? 'row_outdated' : 'differs'
  }
}

function rowOf(granted: GrantedWish, scimId: string, policy: Policy): MappingRow {
  const own = rowUnder(granted.wish.desired.identifier, granted.wish.rows)
  return {
    key: granted.wish.desired.identifier,
    kind: granted.wish.desired.kind,
    scimId,
    address: granted.wish.desired.address,
    displayName: granted.wish.desired.displayName,
    active: true,
    linkedAt: own?.linkedAt ?? policy.now,
    lastRunId: policy.runId,
    refusedAliases: granted.refusedAliases,
    goneAt: null,
  }
}

function rowAgrees(granted: GrantedWish, account: Account): boolean {
  const row = rowUnder(granted.wish.desired.identifier, granted.wish.rows)
  return (
    row !== undefined &&
    row.active &&
    row.goneAt === null &&
    row.kind === account.kind &&
    row.address === granted.wish.desired.address &&
    sameText(row.displayName, granted.wish.desired.displayName)
  )
}

/** Where an account waits while a cycle of addresses is untied (contract, section 9). */
function parkingAddress(identifier: string, address: string): string {
  return `cloudsync-${identifier.slice(0, 8)}@${address.slice(address.lastIndexOf('@') + 1)}`
}

function parkWrite(
  granted: GrantedWish,
  account: Account,
  delegates: DelegateComparison,
  policy: Policy,
): AccountWrite {
  const keptAliases = account.aliases.filter(
    (alias) => granted.aliases.includes(alias) || alias === granted.wish.desired.address,
  )
  const later = new Set(delegates.needs)
  const extension = extensionOf(granted, delegates, policy)
  return {
    ...(account.address === granted.wish.desired.address ||
    granted.aliases.includes(account.address)
      ? {}
      : { address: parkingAddress(granted.wish.desired.identifier, account.address) }),
    ...(keptAliases.length === account.aliases.length
      ? {}
      : {
          extension: {
            ...extension,
            aliases: keptAliases,
            delegates: extension.delegates.filter(
              (ref) => ref.identifier === null || !later.has(ref.identifier),
            ),
          },
        }),
  }
}

/** The suspension of an account; a functional account is suspended by emptying it and by its row. */
export function draftOfSuspension(
  account: Account,
  identifier: string | null,
  reason: string,
  rows: Few<MappingRow>,
  memberAddresses: readonly string[],
  policy: Policy,
): Draft {
  const key = identifier ?? scimRowKey(account.scimId)
  const own = rowUnder(key, rows)
  const isUser = account.kind === 'user'
  const hasMembers = account.delegates.length > 0
  // "link" = only the mapping row has to be written: nobody reaches an empty functional account of which no row tells.
  const isLink = !isUser && !hasMembers && own === undefined
  const action = isLink ? 'link' : 'suspend'
  const emptied: FieldChange[] =
    isUser || !hasMembers ? [] : [{ path: 'delegates', before: memberAddresses, after: [] }]
  return {
    action,
    kind: account.kind,
    address: account.address,
    identifier,
    scimId: account.scimId,
    displayName: account.displayName,
    fields: isLink ? [] : [...emptied, { path: 'active', before: true, after: false }],
    reason,
    // With DELEGATES=False members are neither read nor changed, so a functional account cannot be emptied.
    allowed: policy.actions.has(action) && (isUser || !hasMembers || policy.delegates),
    writes: isUser
      ? [{ call: 'update', write: { active: false } }]
      : hasMembers
        ? [{ call: 'empty_members', write: {} }]
        : [],
    row: {
      key,
      kind: account.kind,
      scimId: account.scimId,
      address: account.address,
      displayName: own?.displayName ?? account.displayName,
      active: false,
      linkedAt: own?.linkedAt ?? policy.now,
      lastRunId: policy.runId,
      refusedAliases: own?.refusedAliases ?? [],
      goneAt: null,
    },
    removeRows: otherKeys(rows, key),
    frees: [],
    claims: [],
    needs: [],
    park: null,
  }
}

/** Keys under which an account must not be linked any more; sorted. */
function otherKeys(rows: Few<MappingRow>, key: string): readonly string[] {
  const others = listOf(rows).filter((row) => !isKey(row, key))
  return others.length === 0 ? [] : others.map((row) => row.key).sort(byText)
}

function rowUnder(key: string, rows: Few<MappingRow>): MappingRow | undefined {
  return listOf(rows).find((row) => isKey(row, key))
}

function isKey(row: MappingRow, key: string): boolean {
  return row.key === key || row.key.toLowerCase() === key.toLowerCase()
}
