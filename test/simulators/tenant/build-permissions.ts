import { type BuildContext, traitCount } from './build-context.ts'
import { type BuiltGroups, buildGroup } from './build-groups.ts'
import type { BuiltMailboxes } from './build-mailboxes.ts'
import { addMember, grantFullAccess, grantToOrphan, hideGroup } from './group-mutations.ts'
import type { TenantMailbox } from './model.ts'

/** Gives Full Access: every shared mailbox has delegates, some user mailboxes too, and every awkward trustee occurs. */
export function buildPermissions(
  context: BuildContext,
  mailboxes: BuiltMailboxes,
  groups: BuiltGroups,
): void {
  const { random, options } = context
  const people = mailboxes.users.filter((mailbox) => mailbox.externalDirectoryObjectId !== '')
  if (people.length === 0) return
  for (const mailbox of mailboxes.shared) {
    grantToPeople(context, mailbox, people, random.integer(0, 5))
    if (random.chance(0.3))
      grantFullAccess(context.tenant, mailbox, random.pick(groups.departments).id)
  }
  for (const mailbox of mailboxes.users) {
    if (random.chance(options.delegatedUsers))
      grantToPeople(context, mailbox, people, random.integer(1, 2))
  }
  const targets = [...mailboxes.shared, ...random.sample(people, Math.ceil(people.length / 20))]
  for (const { ratio, grant } of awkwardGrants) {
    for (const mailbox of random.sample(targets, traitCount(context, targets.length, ratio))) {
      grant(mailbox, context, { mailboxes, people, groups })
    }
  }
}

function grantToPeople(
  { tenant, random }: BuildContext,
  mailbox: TenantMailbox,
  people: readonly TenantMailbox[],
  count: number,
): void {
  const chosen = new Set(Array.from({ length: count }, () => random.pick(people)))
  chosen.delete(mailbox)
  for (const person of chosen) {
    const accessRights = random.chance(0.2) ? ['FullAccess, ReadPermission'] : ['FullAccess']
    grantFullAccess(tenant, mailbox, person.externalDirectoryObjectId, { accessRights })
  }
}

interface Present {
  readonly mailboxes: BuiltMailboxes
  readonly people: readonly TenantMailbox[]
  readonly groups: BuiltGroups
}

/** Rows of reference 4.3 that are not simply "this person may". */
const awkwardGrants: readonly {
  readonly ratio: number
  readonly grant: (mailbox: TenantMailbox, context: BuildContext, present: Present) => void
}[] = [
  { ratio: 0.04, grant: (mailbox, { tenant }) => void grantToOrphan(tenant, mailbox) },
  { ratio: 0.15, grant: grantInheritedDeny },
  { ratio: 0.03, grant: grantThenDeny },
  { ratio: 0.03, grant: grantOtherRights },
  { ratio: 0.02, grant: grantToItself },
  { ratio: 0.02, grant: grantToStranger },
  { ratio: 0.02, grant: grantToOtherKind },
  { ratio: 0.02, grant: grantBothWays },
  { ratio: 0.01, grant: grantToNamesake },
  { ratio: 0.01, grant: grantToUnusualGroup },
]

function grantInheritedDeny(mailbox: TenantMailbox, { tenant }: BuildContext): void {
  const trustee = { user: 'EURPR01A001\\Organization Management', sid: tenant.sidOf(519) }
  grantFullAccess(tenant, mailbox, trustee, { deny: true, isInherited: true })
  const system = { user: 'NT AUTHORITY\\SYSTEM', sid: 'S-1-5-18' }
  grantFullAccess(tenant, mailbox, system, { isInherited: true })
}

// A direct deny suppresses the allow of the same trustee (contract, section 5).
function grantThenDeny(
  mailbox: TenantMailbox,
  { tenant, random }: BuildContext,
  { people }: Present,
) {
  const id = random.pick(people).externalDirectoryObjectId
  grantFullAccess(tenant, mailbox, id)
  grantFullAccess(tenant, mailbox, id, { deny: true })
}

function grantOtherRights(
  mailbox: TenantMailbox,
  { tenant, random }: BuildContext,
  { people }: Present,
) {
  const rights = [['ReadPermission'], ['ChangePermission, DeleteItem'], ['ExternalAccount']]
  const id = random.pick(people).externalDirectoryObjectId
  grantFullAccess(tenant, mailbox, id, { accessRights: random.pick(rights) })
}

function grantToItself(mailbox: TenantMailbox, { tenant }: BuildContext): void {
  grantFullAccess(tenant, mailbox, mailbox.externalDirectoryObjectId)
}

/** A guest, an administrator without mailbox, … */
function grantToStranger(mailbox: TenantMailbox, { tenant, random }: BuildContext): void {
  const users = [...tenant.objects.values()].filter((object) => object.type === 'user')
  if (users.length > 0) grantFullAccess(tenant, mailbox, random.pick(users).id)
}

/** A shared mailbox or a room as trustee: nobody logs in there. */
function grantToOtherKind(
  mailbox: TenantMailbox,
  { tenant, random }: BuildContext,
  { mailboxes }: Present,
) {
  const others = [...mailboxes.shared, ...mailboxes.others].filter(
    (other) => other !== mailbox && other.externalDirectoryObjectId !== '',
  )
  if (others.length > 0)
    grantFullAccess(tenant, mailbox, random.pick(others).externalDirectoryObjectId)
}

/** A ring: two people who are each other's delegates. */
function grantBothWays(
  _mailbox: TenantMailbox,
  { tenant, random }: BuildContext,
  { people }: Present,
) {
  const [left, right] = random.sample(people.slice(0, 200), 2)
  if (left === undefined || right === undefined) return
  grantFullAccess(tenant, left, right.externalDirectoryObjectId)
  grantFullAccess(tenant, right, left.externalDirectoryObjectId)
}

/** A group that is called like another group or like a mailbox: its name alone does not tell which (reference 4.4). */
function grantToNamesake(
  mailbox: TenantMailbox,
  context: BuildContext,
  { mailboxes, groups, people }: Present,
) {
  const { tenant, random } = context
  const named: readonly { displayName: string }[] = random.chance(0.5)
    ? groups.departments
    : mailboxes.shared
  const twin = random.pick(named)
  const namesake = buildGroup(context, 'mailEnabledSecurity', twin.displayName || 'Naamloos')
  addMember(namesake, random.pick(people).externalDirectoryObjectId)
  grantFullAccess(tenant, mailbox, namesake.id)
}

/** A Microsoft 365 group, a security group without mail, a distribution group, a group with hidden membership. */
function grantToUnusualGroup(
  mailbox: TenantMailbox,
  context: BuildContext,
  { people }: Present,
): void {
  const { tenant, random } = context
  const kind = random.pick(['microsoft365', 'security', 'distribution'] as const)
  const group = buildGroup(context, kind, `Project ${random.integer(1, 9999)}`)
  for (const person of random.sample(people.slice(0, 500), 3)) {
    addMember(group, person.externalDirectoryObjectId)
  }
  if (kind === 'microsoft365' && random.chance(0.3)) hideGroup(group)
  grantFullAccess(tenant, mailbox, group.id)
}
