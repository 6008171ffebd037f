/** What a plan was made from, with names and addresses replaced: for support, who can make the same plan from it. */

import type { Account } from '../model/account.ts'
import { byText } from '../model/address.ts'
import type { Change } from '../model/change.ts'
import type { Delegation, Mailbox } from '../model/mailbox.ts'
import type { MappingRow } from '../model/mapping.ts'
import type { Policy, Snapshot } from '../model/plan.ts'
import type { RunRecord } from '../model/run.ts'
import { buildPlan } from '../plan/plan.ts'
import type { PlannedChange, SupportBundle } from './bundle-schema.ts'
import { Pseudonyms } from './pseudonyms.ts'

export interface BundleFacts {
  readonly snapshot: Snapshot
  readonly policy: Policy
  /** The app's version. */
  readonly version: string
  /** Random; thrown away by the caller. */
  readonly key: string
  /** The run that support is asked about. */
  readonly run?: RunRecord
}

/** Makes the bundle of a reading. Free text (warnings, reasons of what is unknown) is left out of it. */
export function makeBundle({ snapshot, policy, version, key, run }: BundleFacts): SupportBundle {
  const names = new Pseudonyms(key)
  const { changes } = buildPlan(snapshot, policy)
  const listOf = (values: Iterable<string>) => replacedList(values, names)
  const { filterMembers, delegations } = snapshot
  return {
    format: 'cloud-sync-support-bundle',
    version: 1,
    madeBy: version,
    madeAt: policy.now,
    snapshot: {
      mailboxes: snapshot.mailboxes.map((mailbox) => replacedMailbox(mailbox, names)),
      accounts: snapshot.accounts.map((account) => replacedAccount(account, names)),
      mappings: snapshot.mappings.map((row) => replacedRow(row, names)),
      filterMembers: filterMembers && listOf(filterMembers),
      delegations: delegations && [...delegations].map((entry) => replacedDelegation(entry, names)),
      absentIdentifiers: listOf(snapshot.absentIdentifiers),
      goneScimIds: listOf(snapshot.goneScimIds),
    },
    policy: replacedPolicy(policy, names),
    plan: changes.map((change) => plannedChange(change, names)).toSorted(byKey),
    run: run === undefined ? null : factsOf(run),
  }
}

function factsOf(run: RunRecord): NonNullable<SupportBundle['run']> {
  const { id, status, mode, version, error, counts } = run
  const { blocked, changed, total } = run.guard
  const warnings: Record<string, number> = {}
  for (const { code } of run.warnings) warnings[code] = (warnings[code] ?? 0) + 1
  const guard = { blocked, changed, total }
  return { id, status, mode, version, errorCode: error?.code ?? null, counts, guard, warnings }
}

/** One change, as two plans are compared by it. @param names `null` = its names are replaced already */
export function plannedChange(change: Change, names: Pseudonyms | null): PlannedChange {
  const text = (value: string) => names?.text(value) ?? value
  const { action, kind, identifier, scimId, reason, status } = change
  return {
    action,
    kind,
    identifier: identifier && text(identifier),
    scimId: scimId && text(scimId),
    address: text(change.address),
    reason,
    paths: change.fields.map(({ path }) => path),
    status,
  }
}

export function byKey(left: PlannedChange, right: PlannedChange): number {
  return byText(keyOf(left), keyOf(right))
}

/** A change as one line: equal lines are equal changes. */
export function keyOf(change: PlannedChange): string {
  const { address, action, kind, identifier, scimId, reason, paths, status } = change
  return [address, action, kind, identifier, scimId, reason, paths.join('+'), status].join(' ')
}

// The lists of a snapshot are sorted: replaced, they are sorted anew.
function replacedList(values: Iterable<string>, names: Pseudonyms): string[] {
  return [...values].map((value) => names.text(value)).toSorted(byText)
}

function replacedMailbox(mailbox: Mailbox, names: Pseudonyms) {
  return {
    identifier: mailbox.identifier && names.text(mailbox.identifier),
    exchangeGuid: names.text(mailbox.exchangeGuid),
    recipientTypeDetails: mailbox.recipientTypeDetails,
    displayName: names.text(mailbox.displayName),
    primarySmtpAddress: names.text(mailbox.primarySmtpAddress),
    secondarySmtpAddresses: replacedList(mailbox.secondarySmtpAddresses, names),
    accountDisabled: mailbox.accountDisabled,
    names: replacedList(mailbox.names, names),
  }
}

function replacedAccount(account: Account, names: Pseudonyms) {
  return {
    kind: account.kind,
    scimId: names.text(account.scimId),
    address: names.text(account.address),
    displayName: names.text(account.displayName),
    aliases: replacedList(account.aliases, names),
    delegates: replacedList(account.delegates, names),
    active: account.active,
    externalAccountId: account.externalAccountId && names.text(account.externalAccountId),
    // Attributes that are only carried back decide nothing.
    otherExtension: {},
    otherName: {},
  }
}

function replacedRow(row: MappingRow, names: Pseudonyms) {
  return {
    ...row,
    key: names.rowKey(row.key),
    scimId: names.text(row.scimId),
    address: names.text(row.address),
    displayName: names.text(row.displayName),
    refusedAliases: row.refusedAliases.map((alias) => ({
      ...alias,
      address: names.text(alias.address),
    })),
  }
}

function replacedDelegation([identifier, delegation]: [string, Delegation], names: Pseudonyms) {
  return {
    identifier: names.text(identifier),
    delegates: replacedList(delegation.delegates, names),
    unknown: delegation.unknown.map((_reason, index) => `unknown ${index + 1}`),
    dropped: delegation.dropped.map(({ text, reason }) => ({ text: names.text(text), reason })),
  }
}

function replacedPolicy(policy: Policy, names: Pseudonyms): SupportBundle['policy'] {
  const domains = (list: Iterable<string>) => [...list].map((domain) => names.domain(domain))
  return {
    ...policy,
    tenantId: names.text(policy.tenantId),
    includedDomains: domains(policy.includedDomains),
    targetFilter: {
      addresses: replacedList(policy.targetFilter.addresses, names),
      domains: domains(policy.targetFilter.domains),
    },
    actions: [...policy.actions],
    relink: replacedList(policy.relink, names),
  }
}
