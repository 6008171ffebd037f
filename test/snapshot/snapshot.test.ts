import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../core/model/plan.ts'
import { idle } from '../fakes/fake-clock.ts'
import type { FakePermissions } from '../fakes/fake-mailbox-source.ts'
import { guid } from '../support/build.ts'
import { addressOf, aShared, aUser, trustees, World } from './world.ts'

/** Ten users; mailboxes 11 to 13 are shared and have all kinds of trustees. */
function realisticWorld(): World {
  const world = new World().fill(10)
  world.source.mailboxes = [
    ...world.source.mailboxes,
    aShared(11, { displayName: 'Reception' }),
    aShared(12),
    aShared(13),
    aUser(14, { recipientTypeDetails: 'RoomMailbox' }),
    aUser(15, { accountDisabled: true }),
  ]
  world.source.permissions = new Map<string, FakePermissions>([
    [guid(1), trustees(addressOf(2))],
    [guid(11), trustees(addressOf(1), 'Sales team', 'Puzzle')],
    [guid(12), { failed: 'the mailbox is being moved' }],
    [guid(13), trustees('leaver@contoso.example', 'Secret', addressOf(15), 'S-1-5-21-1-2-3-4')],
  ])
  world.source.recipients = new Map([['Puzzle', { status: 'unknown', reason: 'two rows' }]])
  world.directory.groups = [
    {
      id: 'sales',
      displayName: 'Sales team',
      isMailGroup: true,
      members: [
        { id: guid(3), type: 'user' },
        { id: 'inner', type: 'group' },
      ],
    },
    { id: 'inner', members: [{ id: guid(4), type: 'user' }] },
    { id: 'secret', displayName: 'Secret', isMailGroup: true, hiddenMembership: true },
  ]
  return world
}

const moved = 'its permissions could not be read: the mailbox is being moved'
const secret =
  'members of "Secret": its membership is hidden and it looks empty: grant the permission Member.Read.Hidden'

describe('a snapshot', () => {
  test('holds every list whole, and what Full Access means for each mailbox in scope', async () => {
    const snapshot = await realisticWorld().readAll()
    expect(snapshot.mailboxes).toHaveLength(15)
    expect(snapshot.accounts).toHaveLength(10)
    expect(snapshot.mappings).toHaveLength(10)
    expect(snapshot.delegations?.size).toBe(13)
    expect(snapshot.delegations?.get(guid(1))?.delegates).toEqual([guid(2)])
    expect(snapshot.delegations?.get(guid(2))).toEqual({ delegates: [], unknown: [], dropped: [] })
  })

  test('unknown never becomes none', async () => {
    const { delegations } = await realisticWorld().readAll()
    expect(delegations?.get(guid(11))).toEqual({
      delegates: [guid(1), guid(3)],
      unknown: ['"Puzzle": two rows'],
      dropped: [],
    })
    expect(delegations?.get(guid(12))?.unknown).toEqual([moved])
    expect(delegations?.get(guid(13))).toEqual({
      delegates: [],
      unknown: [secret],
      dropped: [
        { text: 'S-1-5-21-1-2-3-4', reason: 'raw_sid' },
        { text: 'leaver@contoso.example', reason: 'not_found' },
        { text: addressOf(15), reason: 'not_in_scope' },
      ],
    })
  })

  test('a group trustee gives the members of nested groups when told to, each group read once', async () => {
    const world = realisticWorld()
    world.options = { ...world.options, nestedGroups: true, sourceFilter: ['everybody', 'sales'] }
    const everybody = world.source.mailboxes.map(({ identifier }) => identifier ?? '')
    world.directory.groups = [
      ...world.directory.groups,
      { id: 'everybody', members: everybody.map((id) => ({ id, type: 'user' })) },
    ]
    const { delegations } = await world.readAll()
    expect(delegations?.get(guid(11))?.delegates).toEqual([guid(1), guid(3), guid(4)])
    const read = world.calls.of('directory.listMembers').flatMap(({ about }) => about)
    expect(read.toSorted()).toEqual(['everybody', 'inner', 'sales', 'secret'])
  })

  test('a trustee that no list knows is looked up once, in Graph and only then in Exchange', async () => {
    const world = new World().fill(3)
    world.source.permissions = new Map([
      [guid(1), trustees('Guest@fabrikam.example', 'Lost team')],
      [guid(2), trustees('guest@FABRIKAM.example', 'LOST TEAM')],
    ])
    world.directory.objects = new Map([['Guest@fabrikam.example', { id: 'guest', type: 'user' }]])
    const { delegations } = await world.readAll()
    expect(delegations?.get(guid(2))?.dropped.map(({ reason }) => reason)).toEqual([
      'not_found',
      'no_user_mailbox',
    ])
    expect(world.calls.of('directory.findObject')).toHaveLength(2)
    expect(world.calls.of('source.findRecipient').map(({ about }) => about)).toEqual([
      ['Lost team'],
    ])
  })

  test('without delegates neither permissions nor trustee groups are read', async () => {
    const world = realisticWorld()
    const { delegations } = await world.readAll({ delegates: false })
    expect(delegations).toBeNull()
    const names = new Set(world.calls.made.map(({ name }) => name))
    expect([...names].sort()).toEqual([
      'mappings.list',
      'source.listMailboxes',
      'target.listAccounts',
    ])
  })

  test('a source filter decides whose permissions are read', async () => {
    const world = new World().fill(5)
    world.directory.groups = [{ id: 'staff', members: [{ id: guid(2), type: 'user' }] }]
    const snapshot = await world.readAll({ sourceFilter: ['staff'] })
    expect(snapshot.filterMembers).toEqual(new Set([guid(2)]))
    expect(world.timesRead()).toEqual({ [guid(2)]: 1 })
  })

  test('tells what its parts have to tell, sorted', async () => {
    const world = new World().fill(2)
    world.target.warnings = [{ code: 'TARGET_TOTAL_MISSING', message: 'no totalResults' }]
    world.directory.groups = [{ id: 'staff', members: [{ id: 'inner', type: 'group' }] }]
    const { warnings } = await world.readAll({ sourceFilter: ['staff'] })
    expect(warnings.map(({ code }) => code)).toEqual([
      'SOURCE_FILTER_NESTED_ONLY',
      'TARGET_TOTAL_MISSING',
    ])
  })
})

describe('everything is read side by side', () => {
  test('permissions are read while pages of mailboxes still arrive', async () => {
    const world = new World().fill(30)
    world.source.pageSize = 10
    await world.readAll()
    const names = world.calls.made.map(({ name }) => name)
    expect(names.indexOf('source.readFullAccess')).toBeLessThan(
      names.lastIndexOf('source.listMailboxes'),
    )
  })

  test('members of trustee groups are read while the last permissions are, each group once', async () => {
    const world = new World().fill(200)
    Object.assign(world.source, { batch: 1, parallel: 4 })
    world.clock.isAutomatic = true
    world.calls.intercept = async ({ name }, moment) => {
      if (name === 'source.readFullAccess' && moment === 'before') await world.clock.sleep(1000)
    }
    world.directory.groups = ['sales', 'late'].map((id, index) => ({
      id,
      mail: `${id}@contoso.example`,
      isMailGroup: true,
      members: [{ id: guid(index + 3), type: 'user' }],
    }))
    world.source.permissions = new Map([
      [guid(1), trustees('sales@contoso.example')],
      [guid(200), trustees('sales@contoso.example', 'late@contoso.example')],
    ])
    const { delegations } = await world.readAll()
    expect(delegations?.get(guid(200))?.delegates).toEqual([guid(3), guid(4)])
    const calls = world.calls.made.map(({ name, about }) => `${name} ${about.join()}`)
    expect(calls.filter((call) => call.startsWith('directory.listMembers'))).toHaveLength(2)
    const lastReading = calls.findLastIndex((call) => call.startsWith('source.readFullAccess'))
    expect(calls.indexOf('directory.listMembers sales')).toBeLessThan(lastReading)
    expect(calls.indexOf('directory.listMembers late')).toBeGreaterThan(lastReading)
  })

  test('progress says what it waits for, and never goes back', async () => {
    const world = new World().fill(30)
    world.source.pageSize = 10
    await world.readAll()
    expect(world.progress[0]).toEqual({ done: 0, total: 0, waitingFor: 'the list of mailboxes' })
    expect(world.progress.at(-1)).toEqual({ done: 30, total: 30, waitingFor: null })
    const done = world.progress.map((progress) => progress.done)
    expect(done).toEqual(done.toSorted((left, right) => left - right))
  })

  test('filter groups, mailboxes, accounts and stored rows are asked for before any of them answers', async () => {
    const world = new World().fill(1)
    const answers = Promise.withResolvers<void>()
    world.calls.intercept = () => answers.promise
    world.directory.groups = [{ id: 'staff', members: [{ id: guid(1), type: 'user' }] }]
    const reading = world.readAll({ sourceFilter: ['staff'] })
    await idle()
    expect(world.calls.made.map(({ name }) => name).sort()).toEqual([
      'directory.listMailGroups',
      'directory.readGroup',
      'mappings.list',
      'readings.list',
      'source.listMailboxes',
      'target.listAccounts',
    ])
    answers.resolve()
    await reading
  })

  test('as many batches go at once as the source likes, and each mailbox is read once', async () => {
    const world = new World().fill(95)
    Object.assign(world.source, { batch: 10, parallel: 3 })
    let going = 0
    let most = 0
    world.calls.intercept = async ({ name }, moment) => {
      if (name !== 'source.readFullAccess') return
      going += moment === 'before' ? 1 : -1
      most = Math.max(most, going)
      await idle()
    }
    await world.readAll()
    expect(most).toBe(3)
    expect(world.calls.of('source.readFullAccess')).toHaveLength(10)
    expect(new Set(Object.values(world.timesRead()))).toEqual(new Set([1]))
    // Failure story 32: no count is lost between tasks that go on at once.
    expect(world.progress.at(-1)).toEqual({ done: 95, total: 95, waitingFor: null })
  })

  test('the order, the sizes and the speed of answers change nothing', async () => {
    const expected = comparable(await realisticWorld().readAll())
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          order: fc.shuffledSubarray([...Array(15).keys()], { minLength: 15 }),
          pageSize: fc.integer({ min: 1, max: 20 }),
          batch: fc.integer({ min: 1, max: 7 }),
          parallel: fc.integer({ min: 1, max: 5 }),
          delays: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 }),
        }),
        async ({ order, pageSize, batch, parallel, delays }) => {
          const world = realisticWorld()
          const { mailboxes } = world.source
          world.source.mailboxes = order.flatMap((index) => mailboxes[index] ?? [])
          Object.assign(world.source, { pageSize, batch, parallel })
          world.clock.isAutomatic = true
          let call = 0
          world.calls.intercept = () => {
            call += 1
            return world.clock.sleep(delays[call % delays.length] ?? 0)
          }
          expect(comparable(await world.readAll())).toEqual(expected)
          expect(world.calls.going).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })
})

/** A snapshot in which order shows: Maps and Sets as lists. */
function comparable(snapshot: Snapshot): unknown {
  return {
    ...snapshot,
    delegations: [...(snapshot.delegations ?? [])],
    absentIdentifiers: [...snapshot.absentIdentifiers],
    goneScimIds: [...snapshot.goneScimIds],
  }
}
