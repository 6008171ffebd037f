import { describe, expect, test } from 'vitest'
import { anAccount, aRow, guid } from '../support/build.ts'
import { aUser, World } from './world.ts'

describe('a mailbox that is missing from the list', () => {
  test('is absent only after Exchange, asked for it by name, does not know it', async () => {
    const world = new World().fill(10)
    world.source.mailboxes = world.source.mailboxes.slice(1)
    const snapshot = await world.readAll()
    expect(snapshot.absentIdentifiers).toEqual(new Set([guid(1)]))
    expect(world.calls.of('source.probeMailboxes').map(({ about }) => about)).toEqual([[guid(1)]])
  })

  test('story 2: a mailbox that is missing and yet exists makes the whole listing incomplete', async () => {
    const world = new World().fill(10)
    world.source.hidden = new Set([guid(4)])
    await expect(world.readAll()).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringContaining(guid(4)),
    })
  })

  test('is not asked for when it is only out of scope, has no account, or never was a mailbox', async () => {
    const world = new World().fill(10)
    const rows = world.mappings.rows
    world.source.mailboxes = world.source.mailboxes.map((mailbox) =>
      mailbox.identifier === guid(1) ? { ...mailbox, accountDisabled: true } : mailbox,
    )
    rows.set(guid(50), aRow({ key: guid(50), scimId: 'gone', address: '', goneAt: '2026-01-01' }))
    world.target.accounts = [
      ...world.target.accounts,
      anAccount({ scimId: 'by-hand', address: 'hand@contoso.example' }),
    ]
    rows.set('scim-by-hand', aRow({ key: 'scim-by-hand', scimId: 'by-hand', address: '' }))
    await world.readAll()
    expect(world.calls.of('source.probeMailboxes')).toEqual([])
  })

  test('and thousands more are asked for in batches, each once', async () => {
    const world = new World().fill(130)
    world.source.mailboxes = [aUser(500)]
    const { absentIdentifiers } = await world.readAll()
    expect(absentIdentifiers.size).toBe(130)
    const batches = world.calls.of('source.probeMailboxes').map(({ about }) => about)
    expect(batches.map(({ length }) => length)).toEqual([50, 50, 30])
    expect(new Set(batches.flat()).size).toBe(130)
  })

  test('story 2: from an empty list of mailboxes nothing is concluded at all', async () => {
    const world = new World().fill(3)
    world.source.mailboxes = []
    await expect(world.readAll()).rejects.toMatchObject({ code: 'SOURCE_EMPTY' })
  })
})

describe('an account that is missing from the lists', () => {
  test('is gone only after Zivver, asked for its id, does not know it', async () => {
    const world = new World().fill(10)
    world.target.accounts = world.target.accounts.slice(1)
    const snapshot = await world.readAll()
    expect(snapshot.goneScimIds).toEqual(new Set(['scim-1']))
  })

  test('but exists makes the lists incomplete', async () => {
    const world = new World().fill(10)
    world.target.hidden = new Set(['scim-4'])
    await expect(world.readAll()).rejects.toMatchObject({
      code: 'TARGET_INCOMPLETE',
      message: expect.stringContaining('scim-4'),
    })
  })

  test('and was confirmed in an earlier run is not asked for again', async () => {
    const world = new World().fill(10)
    world.target.accounts = world.target.accounts.slice(1)
    const row = world.mappings.rows.get(guid(1))
    if (row !== undefined) world.mappings.rows.set(guid(1), { ...row, goneAt: '2026-11-01' })
    const snapshot = await world.readAll()
    expect(snapshot.goneScimIds).toEqual(new Set(['scim-1']))
    expect(world.calls.of('target.probeAccounts')).toEqual([])
  })
})

describe('a Zivver that knows fewer than half of the mapped accounts', () => {
  test.each([
    [5, 'is taken for the right one at exactly half', null],
    [4, 'is refused below half', 'TARGET_MISMATCH'],
    [0, 'is refused when it is empty', 'TARGET_MISMATCH'],
  ])('%i of 10: %s', async (found, _, code) => {
    const world = new World().fill(10)
    world.target.accounts = world.target.accounts.slice(0, found)
    const outcome = await world.readAll().catch((error: unknown) => error)
    if (code === null) expect(outcome).toHaveProperty('goneScimIds.size', 10 - found)
    else expect(outcome).toMatchObject({ code })
  })

  test('rows of accounts that are known to be gone do not count', async () => {
    const world = new World().fill(10)
    world.target.accounts = world.target.accounts.slice(0, 2)
    for (const [key, row] of [...world.mappings.rows].slice(4)) {
      world.mappings.rows.set(key, { ...row, goneAt: '2026-11-01T00:00:00.000Z' })
    }
    await expect(world.readAll()).resolves.toHaveProperty('goneScimIds.size', 8)
  })

  test('is refused before hours of permission readings are spent', async () => {
    const world = new World().fill(500)
    world.target.accounts = []
    await expect(world.readAll()).rejects.toMatchObject({ code: 'TARGET_MISMATCH' })
    expect(Object.keys(world.timesRead()).length).toBeLessThan(100)
  })

  test('is accepted with reset_account_mapping, and its thousands of old ids are not asked for', async () => {
    const world = new World().fill(10)
    world.target.accounts = []
    const snapshot = await world.readAll({ resetAccountMapping: true })
    expect(snapshot.goneScimIds.size).toBe(0)
    expect(world.calls.of('target.probeAccounts')).toEqual([])
  })
})
