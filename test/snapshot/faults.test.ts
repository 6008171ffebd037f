import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ErrorCode, SyncError } from '../../core/errors.ts'
import { sealComplete } from '../../core/model/complete.ts'
import type { FullAccessReading } from '../../core/model/mailbox.ts'
import { guid } from '../support/build.ts'
import { aShared, failureOf, trustees, World } from './world.ts'

/** A world in which a complete read needs every call that there is. */
function demandingWorld(): World {
  const world = new World().fill(40)
  world.source.pageSize = 20
  world.source.mailboxes = [...world.source.mailboxes.slice(1), aShared(60)]
  world.target.accounts = world.target.accounts.slice(0, -1)
  world.source.permissions = new Map([[guid(60), trustees('team@contoso.example', 'nobody')]])
  world.directory.objects = new Map([['team@contoso.example', { id: 'team', type: 'group' }]])
  const members = world.source.mailboxes.map(({ identifier }) => ({
    id: identifier ?? '',
    type: 'user' as const,
  }))
  world.directory.groups = [{ id: 'staff', members }, { id: 'team' }]
  world.options = { ...world.options, sourceFilter: ['staff'] }
  return world
}

const allCalls = [
  'directory.findObject',
  'directory.listMailGroups',
  'directory.listMembers',
  'directory.readGroup',
  'mappings.list',
  'readings.list',
  'readings.write',
  'source.findRecipient',
  'source.listMailboxes',
  'source.probeMailboxes',
  'source.readFullAccess',
  'target.listAccounts',
  'target.probeAccounts',
]

test('the demanding world needs every call of the read ports', async () => {
  const world = demandingWorld()
  await world.readAll()
  const names = new Set(world.calls.made.map(({ name }) => name))
  expect([...names].sort()).toEqual(allCalls)
})

describe('story 1: a call that fails, on whatever page, ends the reading with its code', () => {
  test.each(allCalls.flatMap((name) => [[name, 1] as const, [name, 2] as const]))(
    '%s, call %i',
    async (name, position) => {
      const world = demandingWorld()
      const error = new SyncError('SOURCE_UNREACHABLE', `${name} has failed`)
      let seen = 0
      world.calls.intercept = (call, moment) => {
        if (call.name !== name || moment === 'after') return
        seen += 1
        if (seen === position) throw error
      }
      const outcome = await failureOf(world, world.read())
      expect(outcome).toBe(seen >= position ? error : null)
      expect(seen).toBeGreaterThan(0)
    },
  )

  test('the first failure wins, wherever and whenever others follow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 10 }),
        async (failing, delays) => {
          const world = demandingWorld()
          world.clock.isAutomatic = true
          const failures: SyncError[] = []
          let count = 0
          world.calls.intercept = async (_, moment) => {
            count += 1
            const isFailing = failing.includes(count)
            await world.clock.sleep(delays[count % delays.length] ?? 0)
            if (!isFailing) return
            failures.push(new SyncError('SOURCE_UNREACHABLE', `failure at ${moment} ${count}`))
            throw failures.at(-1)
          }
          expect(await failureOf(world, world.read())).toBe(failures[0] ?? null)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('an answer that leaves something out is incomplete', () => {
  async function codeOf(world: World): Promise<ErrorCode | undefined> {
    const error = await failureOf(world, world.read())
    return error instanceof SyncError ? error.code : undefined
  }

  test('a batch of permissions without one of its mailboxes', async () => {
    const world = demandingWorld()
    const read = world.source.readFullAccess.bind(world.source)
    world.source.readFullAccess = async (mailboxes): Promise<readonly FullAccessReading[]> =>
      (await read(mailboxes)).slice(1)
    expect(await codeOf(world)).toBe('SOURCE_INCOMPLETE')
  })

  test('a probe without an answer for its mailbox or account', async () => {
    const noMailbox = demandingWorld()
    noMailbox.source.probeMailboxes = async () => new Map()
    expect(await codeOf(noMailbox)).toBe('SOURCE_INCOMPLETE')
    const noAccount = demandingWorld()
    noAccount.target.probeAccounts = async () => new Map()
    expect(await codeOf(noAccount)).toBe('TARGET_INCOMPLETE')
  })

  test('a list of mailboxes that never handed out its pages is read all the same', async () => {
    const world = demandingWorld()
    const mailboxes = sealComplete(world.source.mailboxes)
    world.source.listMailboxes = async () => mailboxes
    const { delegations } = await world.readAll()
    expect(delegations?.size).toBe(mailboxes.length)
  })
})

describe('groups', () => {
  test('story 27: a filter group that is missing, refused or empty stops the run', async () => {
    const outcomes: unknown[] = []
    for (const group of [null, { id: 'staff', refused: true }, { id: 'staff' }]) {
      const world = new World().fill(3)
      world.directory.groups = group === null ? [] : [group]
      outcomes.push(await failureOf(world, world.read({ sourceFilter: ['staff'] })))
    }
    expect(outcomes).toMatchObject([
      {
        code: 'SOURCE_FILTER_UNREADABLE',
        message: expect.stringContaining('dynamic distribution'),
      },
      { code: 'SOURCE_FILTER_UNREADABLE' },
      { code: 'SOURCE_FILTER_EMPTY' },
    ])
  })

  test('story 4: a trustee group that is refused, gone or hidden leaves its mailbox unknown; others go on', async () => {
    const world = new World().fill(4)
    world.source.permissions = new Map([
      [guid(1), trustees('refused')],
      [guid(2), trustees('hidden')],
      [guid(3), trustees('empty')],
    ])
    world.directory.groups = [
      { id: 'refused', isMailGroup: true, refused: true },
      { id: 'hidden', isMailGroup: true, hiddenMembership: true },
      { id: 'empty', isMailGroup: true },
    ]
    const { delegations } = await world.readAll()
    const unknown = [1, 2, 3, 4].map((number) => delegations?.get(guid(number))?.unknown.length)
    expect(unknown).toEqual([1, 1, 0, 0])
  })

  test('missing rights on a trustee group fail the run instead', async () => {
    const world = new World().fill(2)
    world.source.permissions = new Map([[guid(1), trustees('team')]])
    world.directory.groups = [{ id: 'team', isMailGroup: true }]
    world.calls.intercept = ({ name }) => {
      if (name === 'directory.listMembers') throw new SyncError('GRAPH_FORBIDDEN', 'no right')
    }
    expect(await failureOf(world, world.read())).toMatchObject({ code: 'GRAPH_FORBIDDEN' })
  })
})
