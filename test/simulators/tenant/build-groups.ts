import { type BuildContext, traitCount } from './build-context.ts'
import type { BuiltMailboxes } from './build-mailboxes.ts'
import { addGroup, addMember } from './group-mutations.ts'
import type { TenantGroup, TenantMailbox, TenantObject } from './model.ts'
import { departmentName, localPart, personName } from './names.ts'

/** Ids of groups that a source filter may name, by what is special about them. */
export interface FilterGroups {
  /** Security groups with about two thirds of all mailboxes. */
  readonly security: string
  readonly dynamicSecurity: string
  readonly microsoft365: string
  readonly mailEnabledSecurity: string
  readonly distribution: string
  /** Holds only another group. */
  readonly nestedOnly: string
  readonly empty: string
  readonly hidden: string
  /** Not in Graph at all. */
  readonly dynamicDistribution: string
}

export interface BuiltGroups {
  readonly filters: FilterGroups
  /** Mail-enabled security groups of people: what Full Access is given to. */
  readonly departments: readonly TenantGroup[]
}

type GroupKind = 'security' | 'microsoft365' | 'mailEnabledSecurity' | 'distribution'

const kinds: Record<
  GroupKind,
  Pick<TenantGroup, 'mailEnabled' | 'securityEnabled' | 'groupTypes'>
> = {
  security: { mailEnabled: false, securityEnabled: true, groupTypes: [] },
  microsoft365: { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] },
  mailEnabledSecurity: { mailEnabled: true, securityEnabled: true, groupTypes: [] },
  distribution: { mailEnabled: true, securityEnabled: false, groupTypes: [] },
}

/** Makes a group of one of the kinds of reference 5.1 and adds it. */
export function buildGroup(
  context: BuildContext,
  kind: GroupKind,
  displayName: string,
  properties: Partial<TenantGroup> = {},
): TenantGroup {
  const { tenant, random, options } = context
  const nickname = context.takeName(`grp-${localPart(displayName)}`)
  const mail = kinds[kind].mailEnabled ? `${nickname}@${options.includedDomains[0]}` : null
  return addGroup(tenant, {
    id: random.guid(),
    displayName,
    mail,
    mailNickname: nickname,
    ...kinds[kind],
    groupTypes: [...kinds[kind].groupTypes],
    proxyAddresses: mail === null ? [] : [`SMTP:${mail}`],
    visibility: kind === 'microsoft365' ? 'Private' : null,
    exchangeOnly: false,
    members: [],
    rid: tenant.takeRid(),
    ...properties,
  })
}

/** Adds departments, groups for a source filter, other directory objects, nesting and cycles. */
export function buildGroups(context: BuildContext, mailboxes: BuiltMailboxes): BuiltGroups {
  const departments = buildDepartments(context, mailboxes.users)
  const filters = buildFilterGroups(context, mailboxes)
  if (context.options.awkward > 0) addStrangeMembers(context, departments)
  nest(context, departments)
  return { filters, departments }
}

function buildDepartments(context: BuildContext, users: readonly TenantMailbox[]): TenantGroup[] {
  const { random, options } = context
  const count = Math.max(4, Math.round(options.mailboxes / 60))
  return Array.from({ length: count }, (_none, at) => {
    // Every name twice in a large tenant is normal; Full Access shows groups by that name only (reference 4.3).
    const isDouble = random.chance(0.05 * options.awkward)
    const displayName = isDouble ? departmentName(random) : `${departmentName(random)} ${at + 1}`
    const group = buildGroup(context, 'mailEnabledSecurity', displayName)
    const size = random.integer(1, Math.min(25, Math.max(1, users.length)))
    for (let taken = 0; taken < size && users.length > 0; taken++) {
      addMember(group, random.pick(users).externalDirectoryObjectId)
    }
    return withoutNameless(group)
  })
}

// A mailbox without identifier has no Entra object, so it is no member of anything.
function withoutNameless(group: TenantGroup): TenantGroup {
  group.members = group.members.filter((id) => id !== '')
  return group
}

function buildFilterGroups(context: BuildContext, mailboxes: BuiltMailboxes): FilterGroups {
  const { random } = context
  const everyone = [...mailboxes.users, ...mailboxes.shared, ...mailboxes.others]
  const ids = everyone.map((mailbox) => mailbox.externalDirectoryObjectId).filter((id) => id !== '')
  const some = (share: number) => ids.filter(() => random.chance(share))
  const filter = (kind: GroupKind, name: string, properties: Partial<TenantGroup>) =>
    buildGroup(context, kind, name, properties).id
  const security = filter('security', 'Zivver gebruikers', { members: some(0.66) })
  return {
    security,
    dynamicSecurity: filter('security', 'Zivver dynamisch', {
      members: some(0.5),
      groupTypes: ['DynamicMembership'],
    }),
    microsoft365: filter('microsoft365', 'Zivver pilot', { members: some(0.3) }),
    mailEnabledSecurity: filter('mailEnabledSecurity', 'Zivver afdelingen', { members: some(0.3) }),
    distribution: filter('distribution', 'Zivver nieuwsbrief', { members: some(0.3) }),
    nestedOnly: filter('security', 'Zivver alles', { members: [security] }),
    empty: filter('security', 'Zivver leeg', {}),
    hidden: filter('microsoft365', 'Zivver vertrouwelijk', {
      members: some(0.2),
      visibility: 'HiddenMembership',
    }),
    dynamicDistribution: filter('distribution', 'Iedereen (dynamisch)', { exchangeOnly: true }),
  }
}

/** A guest, a user without mailbox, a contact, a device and an app, each in some department. */
function addStrangeMembers(context: BuildContext, departments: readonly TenantGroup[]): void {
  const { tenant, random, options } = context
  const perType = Math.max(1, Math.round(options.mailboxes / 200))
  for (let at = 0; at < perType; at++) {
    for (const object of strangers(context)) {
      tenant.objects.set(object.id, object)
      if (departments.length > 0) addMember(random.pick(departments), object.id)
    }
  }
}

function strangers(context: BuildContext): TenantObject[] {
  const { random, tenant, foreignDomain } = context
  const make = (object: Partial<TenantObject> & Pick<TenantObject, 'type'>): TenantObject => ({
    id: random.guid(),
    displayName: personName(random),
    mail: null,
    userPrincipalName: null,
    accountEnabled: true,
    userType: 'Member',
    proxyAddresses: [],
    rid: tenant.takeRid(),
    ...object,
  })
  const local = context.takeName(localPart(personName(random)))
  const outside = `${local}@${foreignDomain}`
  const contact = `${local}.contact@${foreignDomain}`
  return [
    make({ type: 'user', userPrincipalName: `adm-${local}@${tenant.initialDomain}` }),
    make({
      type: 'user',
      userType: 'Guest',
      mail: outside,
      userPrincipalName: `${outside.replace('@', '_')}#EXT#@${tenant.initialDomain}`,
      proxyAddresses: [`SMTP:${outside}`],
    }),
    make({ type: 'orgContact', mail: contact, proxyAddresses: [`SMTP:${contact}`] }),
    make({ type: 'device', displayName: `LAPTOP-${random.integer(1000, 9999)}` }),
    make({ type: 'servicePrincipal', displayName: 'Backup Connector' }),
  ]
}

/** Some departments hold another one; one pair holds each other. */
function nest(context: BuildContext, departments: readonly TenantGroup[]): void {
  const outer = context.random.sample(departments, traitCount(context, departments.length, 0.1))
  for (const group of outer) {
    const inner = context.random.pick(departments)
    if (inner !== group) addMember(group, inner.id)
  }
  const [left, right] = context.random.sample(departments, 2)
  if (traitCount(context, 1, 0.5) === 0 || left === undefined || right === undefined) return
  addMember(left, right.id)
  addMember(right, left.id)
}
