import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { setMembers } from '../simulators/tenant/group-mutations.ts'
import type { TenantGroup } from '../simulators/tenant/model.ts'
import type { Api, RunWithChanges } from './api.ts'
import { accountOf, addressOf, includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const small = new SmallTenant()
  .users('in.m365', 'in.security', 'in.dynamic', 'in.mail.security', 'in.distribution')
  .users('nested', 'outsider')
  .shared('team')
small.add('disabled', { accountDisabled: true })
small.add('room', { recipientTypeDetails: 'RoomMailbox' })
small.add('abroad@fabrikam.example')
small.add('no.id', { externalDirectoryObjectId: '' })
const { tenant } = small

const plain = { mail: null, mailEnabled: false, proxyAddresses: [] }
const inner = small.group('Inner', [small.get('nested')])
const groups = {
  m365: small.group('Project', [small.get('in.m365')], {
    securityEnabled: false,
    groupTypes: ['Unified'],
  }),
  security: small.group('Assigned', [small.get('in.security'), small.get('team')], plain),
  dynamic: small.group('Dynamic', [small.get('in.dynamic')], {
    ...plain,
    groupTypes: ['DynamicMembership'],
  }),
  mailSecurity: small.group('Mail', [small.get('in.mail.security'), inner]),
  distribution: small.group('List', [small.get('in.distribution'), small.get('room')], {
    securityEnabled: false,
  }),
}
// A cycle: each holds the other.
inner.members.push(groups.mailSecurity.id)
small.grant('team', groups.mailSecurity)

const settings = {
  CLOUD_SYNC__SOURCE_FILTER: Object.values(groups)
    .map(({ id }) => ` ${id.toUpperCase()} `)
    .join(','),
}
let world: World
let api: Api

beforeAll(async () => {
  const accounts = [accountOf(small.get('outsider')), accountOf(small.get('nested'))]
  world = await World.start({ tenant, includedDomains, accounts, env: settings })
  api = await world.startHost()
})
afterAll(() => world[Symbol.asyncDispose]())

const addressesOf = ({ changes }: RunWithChanges, action: string) =>
  new Set(changes.filter((change) => change.action === action).map(({ address }) => address))

describe('the source filter', () => {
  test('lets in the direct members of every kind of group, and counts the others by reason', async () => {
    const first = await api.apply()
    expect(first.run).toMatchObject({ status: 'succeeded', error: null })
    const members = ['in.m365', 'in.security', 'in.dynamic', 'in.mail.security', 'in.distribution']
    expect(addressesOf(first, 'create')).toEqual(new Set([...members, 'team'].map(addressOf)))
    expect(first.run.out_of_scope).toEqual({
      mailbox_type: 1,
      no_identifier: 1,
      mailbox_disabled: 1,
      domain_not_included: 1,
      not_in_source_filter: 2,
    })
    expect(first.run.mailbox_types).toEqual({ UserMailbox: 10, SharedMailbox: 1, RoomMailbox: 1 })
    expect(first.run.warnings).toContainEqual({
      code: 'NO_IDENTIFIER',
      message: expect.any(String),
      address: addressOf('no.id'),
    })
    const suspensions = first.changes.filter(({ action }) => action === 'suspend')
    expect(suspensions.map(({ reason }) => reason)).toEqual([
      'not_in_source_filter',
      'not_in_source_filter',
    ])
    expect(addressesOf(first, 'suspend')).toEqual(new Set(['outsider', 'nested'].map(addressOf)))
  })

  test('with only groups in a group lets nobody of it in, and warns', async () => {
    const members = [...groups.distribution.members]
    setMembers(groups.distribution, [inner.id])
    const { run, changes } = await api.plan()
    setMembers(groups.distribution, members)
    expect(run.warnings.map(({ code }) => code)).toContain('SOURCE_FILTER_NESTED_ONLY')
    expect(changes).toMatchObject([
      { action: 'suspend', address: addressOf('in.distribution'), reason: 'not_in_source_filter' },
    ])
  })
})

describe('story 27: a group of the source filter never means nobody', () => {
  afterEach(() => {
    for (const group of Object.values(groups)) tenant.groups.set(group.id, group)
  })

  /** The error of a sync that wrote nothing. */
  async function failure(): Promise<RunWithChanges['run']['error']> {
    world.zivver.clearWrites()
    const { run, changes } = await api.apply()
    expect([run.status, changes, world.zivver.writes()]).toEqual(['failed', [], []])
    return run.error
  }
  const replace = (group: TenantGroup, part: Partial<TenantGroup>) =>
    tenant.groups.set(group.id, { ...group, ...part })

  test('one that does not exist is unreadable, and health says so', async () => {
    tenant.groups.delete(groups.security.id)
    const { id } = groups.security
    expect(await failure()).toEqual({
      code: 'SOURCE_FILTER_UNREADABLE',
      message: expect.stringContaining(id),
    })
    const { status, json } = await api.get('/api/health')
    const graph = json.checks.find(({ name }) => name === 'graph')
    expect([status, graph?.status]).toEqual([503, 'failing'])
    expect(graph?.message).toContain(id)
  })

  test('a dynamic distribution group is not in Graph, and the error says so', async () => {
    replace(groups.distribution, { exchangeOnly: true })
    expect(await failure()).toEqual({
      code: 'SOURCE_FILTER_UNREADABLE',
      message: expect.stringMatching(/dynamic distribution group is not in Graph/i),
    })
  })

  test('one whose members may not be read is unreadable, refused or seemingly empty', async () => {
    const { rights, graph } = world.microsoft365.settings
    const graphRoles = [...rights.graphRoles]
    rights.graphRoles = graphRoles.filter((role) => role !== 'Member.Read.Hidden')
    replace(groups.m365, { visibility: 'HiddenMembership' })
    const refused = await failure()
    graph.hiddenMembership = 'empty'
    const seeminglyEmpty = await failure()
    Object.assign(graph, { hiddenMembership: 'forbidden' })
    rights.graphRoles = graphRoles
    expect([refused, seeminglyEmpty]).toMatchObject([
      { code: 'SOURCE_FILTER_UNREADABLE', message: expect.stringContaining(groups.m365.id) },
      { code: 'SOURCE_FILTER_UNREADABLE', message: expect.stringContaining('Member.Read.Hidden') },
    ])
  })

  test('one without members of any kind is refused as empty', async () => {
    replace(groups.dynamic, { members: [] })
    expect(await failure()).toEqual({
      code: 'SOURCE_FILTER_EMPTY',
      message: expect.stringContaining('Dynamic'),
    })
  })
})

test('NESTED_GROUPS follows groups in groups, round a cycle too, in the filter and in delegations', async () => {
  const delegates = () => {
    const team = world.zivver.state.ownerOf(addressOf('team'))
    return team && world.zivver.state.view(team).delegates
  }
  expect(delegates()).toEqual([addressOf('in.mail.security')])
  api = await world.restartHost({ CLOUD_SYNC__NESTED_GROUPS: '1' })
  const { run, changes } = await api.apply()
  expect(run).toMatchObject({ status: 'succeeded', out_of_scope: { not_in_source_filter: 1 } })
  expect(changes).toMatchObject([
    { action: 'reactivate', address: addressOf('nested') },
    { action: 'update', address: addressOf('team') },
  ])
  expect(delegates()).toEqual([addressOf('in.mail.security'), addressOf('nested')])
  expect((await api.plan()).changes).toEqual([])
})
