import { type BuildContext, traitCount } from './build-context.ts'
import { aliasesOf, proxyAddresses } from './mailbox-mutations.ts'
import type { MailboxType, TenantMailbox } from './model.ts'
import {
  equipmentName,
  hostileDisplayNames,
  localPart,
  personName,
  roomName,
  sharedName,
} from './names.ts'

/** The mailboxes of a tenant, by what they are for. */
export interface BuiltMailboxes {
  readonly users: readonly TenantMailbox[]
  readonly shared: readonly TenantMailbox[]
  readonly others: readonly TenantMailbox[]
}

/** Adds every mailbox, then the awkward traits on top. */
export function buildMailboxes(context: BuildContext): BuiltMailboxes {
  const counts = countsByType(context)
  const make = (type: MailboxType) =>
    Array.from({ length: counts[type] }, () => buildMailbox(context, type))
  const users = make('UserMailbox')
  const shared = make('SharedMailbox')
  const others = (['RoomMailbox', 'EquipmentMailbox', 'SchedulingMailbox', 'TeamMailbox'] as const)
    .flatMap(make)
    .concat(make('LinkedMailbox'))
  if (counts.DiscoveryMailbox > 0) others.push(buildDiscoveryMailbox(context))
  for (const trait of traits) applyTrait(context, trait, users, shared)
  // In a real tenant the kinds are mixed, so that every page of a listing holds some of each.
  const all = context.random.shuffle([...users, ...shared, ...others])
  for (const mailbox of all) context.tenant.addMailbox(mailbox)
  return { users, shared, others }
}

function countsByType({ options }: BuildContext): Record<MailboxType, number> {
  const size = options.mailboxes
  const some = (ratio: number) => (options.awkward === 0 ? 0 : Math.round(size * ratio))
  const rooms = Math.max(options.awkward === 0 ? 0 : 1, some(0.03))
  const counts = {
    SharedMailbox: options.shared,
    RoomMailbox: rooms,
    EquipmentMailbox: Math.ceil(some(0.015)),
    SchedulingMailbox: some(0.002),
    TeamMailbox: some(0.001),
    LinkedMailbox: some(0.001),
    DiscoveryMailbox: options.awkward === 0 ? 0 : 1,
    GroupMailbox: 0,
  }
  const taken = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return { ...counts, UserMailbox: Math.max(0, size - taken) }
}

const nameOf: Record<string, (random: BuildContext['random']) => string> = {
  UserMailbox: personName,
  LinkedMailbox: personName,
  RoomMailbox: roomName,
  EquipmentMailbox: equipmentName,
}

function buildMailbox(context: BuildContext, type: MailboxType): TenantMailbox {
  const { random, tenant, options } = context
  const displayName = (nameOf[type] ?? sharedName)(random)
  const local = context.takeName(localPart(displayName))
  const domain = random.chance(0.85)
    ? options.includedDomains[0]
    : random.pick(options.includedDomains)
  const primary = `${local}@${domain}`
  const isPerson = type === 'UserMailbox' || type === 'LinkedMailbox'
  const id = random.guid()
  const created = new Date(Date.UTC(2015, 0, 1) + random.integer(0, 10 * 365 * 24 * 60) * 60_000)
  return {
    externalDirectoryObjectId: id,
    exchangeGuid: random.guid(),
    guid: random.guid(),
    name: random.chance(0.7) ? id : local,
    alias: local,
    displayName,
    primarySmtpAddress: primary,
    emailAddresses: proxyAddresses(
      primary,
      aliasesFor(context, local, domain ?? ''),
      otherProxies(context, primary, isPerson),
    ),
    userPrincipalName: isPerson ? primary : `${local}@${tenant.initialDomain}`,
    recipientTypeDetails: type,
    accountDisabled: type !== 'UserMailbox',
    hiddenFromAddressLists: false,
    isDirSynced: random.chance(0.3),
    whenMailboxCreated: created.toISOString(),
    whenChanged: new Date(created.getTime() + 86_400_000).toISOString(),
    rid: tenant.takeRid(),
    permissions: [],
  }
}

function aliasesFor(context: BuildContext, local: string, domain: string): string[] {
  const { random, tenant, options } = context
  const aliases = random.chance(0.9) ? [`${local}@${tenant.initialDomain}`] : []
  if (random.chance(0.3)) {
    const other = options.includedDomains.find((included) => included !== domain) ?? domain
    aliases.push(`${context.takeName(`${local.charAt(0)}.${local.split('.').at(-1)}`)}@${other}`)
  }
  return aliases
}

function otherProxies({ random, tenant }: BuildContext, primary: string, isPerson: boolean) {
  const other: string[] = []
  if (isPerson) other.push(`SIP:${primary}`, `SPO:SPO_${random.guid()}@SPO_${tenant.id}`)
  if (random.chance(0.1))
    other.push(`X500:/o=ExchangeLabs/ou=Old/cn=Recipients/cn=${random.guid()}`)
  return other
}

// Exchange's own mailbox for searches has no Entra object, hence no identifier (reference 3.8).
function buildDiscoveryMailbox(context: BuildContext): TenantMailbox {
  const mailbox = buildMailbox(context, 'DiscoveryMailbox')
  const primary = `DiscoverySearchMailbox@${context.tenant.initialDomain}`
  return {
    ...mailbox,
    externalDirectoryObjectId: '',
    name: 'DiscoverySearchMailbox{D919BA05-46A6-415f-80AD-7E09334BB852}',
    alias: 'DiscoverySearchMailbox',
    displayName: 'Discovery Search Mailbox',
    primarySmtpAddress: primary,
    emailAddresses: [`SMTP:${primary}`],
    userPrincipalName: primary,
    hiddenFromAddressLists: true,
    permissions: [
      {
        trustee: { user: 'Discovery Management', sid: context.tenant.sidOf(498) },
        accessRights: ['FullAccess'],
        deny: false,
        isInherited: false,
      },
    ],
  }
}

interface Trait {
  readonly of: 'users' | 'shared' | 'both'
  readonly ratio: number
  readonly apply: (mailbox: TenantMailbox, context: BuildContext) => void
}

const traits: readonly Trait[] = [
  { of: 'users', ratio: 0.06, apply: (mailbox) => void (mailbox.accountDisabled = true) },
  { of: 'both', ratio: 0.005, apply: (mailbox) => void (mailbox.displayName = '') },
  {
    of: 'both',
    ratio: 0.005,
    apply: (mailbox) => void (mailbox.displayName = `  ${mailbox.displayName} `),
  },
  {
    of: 'both',
    ratio: 0.004,
    apply: (mailbox, { random }) => void (mailbox.displayName = random.pick(hostileDisplayNames)),
  },
  {
    of: 'both',
    ratio: 0.03,
    apply: (mailbox) => replacePrimary(mailbox, mixedCase(mailbox.primarySmtpAddress)),
  },
  {
    of: 'both',
    ratio: 0.03,
    apply: (mailbox, { foreignDomain }) =>
      replacePrimary(mailbox, `${mailbox.alias}@${foreignDomain}`),
  },
  {
    of: 'both',
    ratio: 0.05,
    apply: (mailbox, { foreignDomain }) =>
      void mailbox.emailAddresses.unshift(`smtp:${mailbox.alias}.old@${foreignDomain}`),
  },
  {
    of: 'users',
    ratio: 0.04,
    apply: (mailbox, { tenant }) =>
      void (mailbox.userPrincipalName = `${mailbox.alias}.${mailbox.rid}@${tenant.initialDomain}`),
  },
  { of: 'both', ratio: 0.03, apply: (mailbox) => void (mailbox.hiddenFromAddressLists = true) },
  { of: 'shared', ratio: 0.03, apply: (mailbox) => void (mailbox.accountDisabled = false) },
  { of: 'users', ratio: 0.0005, apply: (mailbox) => void (mailbox.externalDirectoryObjectId = '') },
]

function applyTrait(
  context: BuildContext,
  trait: Trait,
  users: readonly TenantMailbox[],
  shared: readonly TenantMailbox[],
): void {
  const candidates = { users, shared, both: [...users, ...shared] }[trait.of]
  const chosen = context.random.sample(
    candidates,
    traitCount(context, candidates.length, trait.ratio),
  )
  for (const mailbox of chosen) trait.apply(mailbox, context)
}

function replacePrimary(mailbox: TenantMailbox, primary: string): void {
  const aliases = aliasesOf(mailbox)
  const other = mailbox.emailAddresses.filter((proxy) => !/^smtp:/i.test(proxy))
  mailbox.primarySmtpAddress = primary
  mailbox.emailAddresses = proxyAddresses(primary, aliases, other)
}

/** `jan.devries@contoso.example` → `Jan.Devries@Contoso.Example` */
function mixedCase(address: string): string {
  return address.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())
}
