import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ambiguous, exchangeFaults } from '../simulators/microsoft365/exchange/errors.ts'
import {
  changeSettings,
  createSettings,
  type SettingsPatch,
} from '../simulators/microsoft365/settings.ts'
import type { CallMatch } from '../simulators/shared/call-match.ts'
import { revokeFullAccess } from '../simulators/tenant/group-mutations.ts'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { GivenOptions } from '../simulators/zivver/options.ts'
import type { Api } from '../system/api.ts'
import { addressOf, includedDomains, SmallTenant } from '../system/small-tenant.ts'
import { World } from '../system/world.ts'

const users = Array.from({ length: 14 }, (_, at) => `user${at}`)
const small = new SmallTenant().users(...users).shared('team', 'front')
const friends = small.group(
  'Friends',
  users.slice(2, 7).map((name) => small.get(name)),
)
small.grant('team', 'user0', 'user1', friends).grant('front', 'user0')
const { tenant } = small
for (const [at, mailbox] of [...tenant.mailboxes.values()].entries()) {
  mailbox.whenMailboxCreated = new Date(Date.UTC(2024, 1, 1 + at)).toISOString()
}
const count = tenant.mailboxes.size
let world: World
let api: Api

beforeAll(async () => {
  world = await World.start({ tenant, includedDomains, accounts: small.accounts() })
  api = await world.startHost()
  await api.apply()
  expect((await api.plan()).changes).toEqual([])
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.microsoft365.faults.clear()
  world.zivver.faults.clear()
  changeSettings(world.microsoft365.settings, createSettings())
  world.zivver.setOptions({ paging: { mode: 'whole' }, totalResults: 'right', missingFromLists: 0 })
})

/** A sync that must fail without a write, and say so by mail. @returns its error */
async function failure(): Promise<{ readonly code: string; readonly message: string }> {
  world.zivver.clearWrites()
  const rows = await world.rows('CloudSyncMappings')
  const mails = world.mail.outbox().length
  const { run, changes } = await api.apply()
  expect([run.status, changes, world.zivver.writes()]).toEqual(['failed', [], []])
  expect(await world.rows('CloudSyncMappings')).toEqual(rows)
  const { code = '', message = '' } = run.error ?? {}
  const [mail] = world.mail.outbox().slice(mails)
  expect(mail?.subject).toContain('FAILED')
  expect(mail?.text.replaceAll(/\s+/g, ' ')).toContain(message.slice(0, 40))
  return { code, message }
}

/** From its n-th call on, a service answers this with 500, for as long as anybody asks. */
function failsFrom(service: 'microsoft365' | 'zivver', from: number, match: CallMatch): void {
  world[service].faults.add({
    match,
    from,
    action: { kind: 'answer', status: 500, retryAfter: 0.02 },
  })
}

describe('story 1: an error in the middle of a full read suspends nobody, and the run says which call it was', () => {
  test.each([1, 2, 3, 4])('page %i of 4 of the mailboxes', async (page) => {
    world.microsoft365.settings.exchange.maxPageSize = 5
    failsFrom('microsoft365', page, { tags: { cmdlet: 'Get-Mailbox' } })
    const { code, message } = await failure()
    expect(code).toBe('SOURCE_INCOMPLETE')
    expect(message).toMatch(new RegExp(`Get-Mailbox, page ${page}: HTTP 500 after 6 tries`))
  })

  test('the second page of a group’s members', async () => {
    world.microsoft365.settings.graph.maxPageSize = 2
    failsFrom('microsoft365', 2, { path: '/members' })
    expect(await failure()).toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringMatching(/members, page 2: HTTP 500/),
    })
  })

  test('the second page of the accounts', async () => {
    world.zivver.setOptions({ paging: { mode: 'pages', size: 5 } })
    world.zivver.faults.add({
      match: { tags: { operation: 'list', kind: 'user' } },
      from: 2,
      action: { kind: 'answer', status: 503, retryAfter: 0.02 },
    })
    expect(await failure()).toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: expect.stringMatching(/^GET \/Users was tried 5 times at Zivver/),
    })
  })
})

describe('story 2: a success that holds less than there is is no success', () => {
  test.each<[string, SettingsPatch['rights'], string]>([
    ['the directory role', { directoryRole: null }, 'EXCHANGE_FORBIDDEN'],
    ['the app role', { appRole: false }, 'EXCHANGE_UNAUTHORIZED'],
    ['the rights in Graph', { graphRoles: [] }, 'GRAPH_FORBIDDEN'],
  ])('somebody took %s away', async (_, rights, code) => {
    changeSettings(world.microsoft365.settings, { rights })
    expect((await failure()).code).toBe(code)
  })

  test('half of the mailboxes are missing from the list', async () => {
    const half = [...tenant.mailboxes].slice(0, count / 2)
    for (const [guid] of half) tenant.mailboxes.delete(guid)
    const { code } = await failure()
    for (const [guid, mailbox] of half) tenant.mailboxes.set(guid, mailbox)
    expect(code).toBe('SOURCE_INCOMPLETE')
  })

  test('half of the accounts are missing from the list, with its total or without one', async () => {
    world.zivver.setOptions({ missingFromLists: count / 2 })
    expect((await failure()).code).toBe('TARGET_INCOMPLETE')
    world.zivver.setOptions({ totalResults: 'absent' })
    expect(['TARGET_INCOMPLETE', 'TARGET_MISMATCH']).toContain((await failure()).code)
  })
})

type Variant = [string, SettingsPatch, GivenOptions['paging']?]
const pagesOf = (size: number): Variant => [
  `pages of ${size}`,
  { exchange: { maxPageSize: size }, graph: { maxPageSize: size } },
  { mode: 'pages', size },
]
const few = { maxPageSize: 3 }

describe('story 3: however the lists are paged, everything is read', () => {
  test.each<Variant>([
    pagesOf(1),
    pagesOf(50),
    pagesOf(999),
    [
      'an empty page in the middle',
      {
        exchange: { ...few, emptyMiddlePage: true },
        graph: { ...few, emptyMiddlePage: true },
      },
    ],
    [
      'items on two pages',
      {
        exchange: { ...few, duplicatesAcrossPages: true },
        graph: { ...few, duplicatesAcrossPages: true },
      },
    ],
    ['a server that ignores the count', {}, { mode: 'whole' }],
  ])('%s', async (_, settings, paging = { mode: 'pages', size: 4 }) => {
    changeSettings(world.microsoft365.settings, settings)
    world.zivver.setOptions({ paging })
    const { run, changes } = await api.plan()
    expect(changes).toEqual([])
    expect(run).toMatchObject({ status: 'succeeded', counts: { unchanged: count } })
  })

  test('or it is an error: a server that always answers with its first page', async () => {
    world.zivver.setOptions({ paging: { mode: 'first_page_only', size: 5 } })
    const { code, message } = await failure()
    expect([code, message]).toEqual([
      'TARGET_INCOMPLETE',
      expect.stringContaining('stops after 5 of'),
    ])
  })
})

describe('story 4: a fault on one item freezes that item, and nobody else', () => {
  const onlyTeam = {
    tags: { cmdlet: 'Get-MailboxPermission', identity: small.get('team').exchangeGuid },
  }
  const delegatesOf = (name: string) => {
    const owner = world.zivver.state.ownerOf(addressOf(name))
    return owner && world.zivver.state.view(owner).delegates
  }

  test('unknown delegates stay, while the others are changed', async () => {
    const before = delegatesOf('team')
    revokeFullAccess(small.get('team'), small.get('user1').externalDirectoryObjectId)
    setDisplayName(tenant, small.get('user9'), 'Somebody Else')
    const refused = exchangeFaults.error(ambiguous('team'))
    world.microsoft365.faults.add({ match: onlyTeam, action: refused })
    const { run, changes } = await api.apply()
    expect(run.status).toBe('succeeded')
    expect(changes.map(({ address }) => address)).toEqual([addressOf('user9')])
    expect(delegatesOf('team')).toEqual(before)
    world.microsoft365.faults.clear()
    expect((await api.apply()).changes.map(({ address }) => address)).toEqual([addressOf('team')])
    expect(delegatesOf('team')).toEqual(before?.filter((one) => one !== addressOf('user1')))
  })

  test('an item that cannot be had at all ends the run instead', async () => {
    world.microsoft365.faults.add({
      match: onlyTeam,
      action: { kind: 'answer', status: 503, retryAfter: 0.02 },
    })
    expect((await failure()).message).toMatch(/Get-MailboxPermission.*HTTP 503 after 6 tries/)
  })
})

describe('story 19: lists are read whole each time, and a cursor that expired is no end of a list', () => {
  test('no run asks for a delta, and the order of a list means nothing', async () => {
    const reversed = [...tenant.mailboxes].reverse()
    tenant.mailboxes.clear()
    for (const [guid, mailbox] of reversed) tenant.mailboxes.set(guid, mailbox)
    world.microsoft365.log.clear()
    const { run, changes } = await api.plan()
    expect([run.status, changes]).toEqual(['succeeded', []])
    const asked = world.microsoft365.log.entries.map(({ path, query }) => [path, query])
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((call) => /delta/i.test(JSON.stringify(call)))).toEqual([])
  })

  test('a cursor that Exchange never takes: the list is read in parts', async () => {
    changeSettings(world.microsoft365.settings, {
      exchange: { maxPageSize: 12, cursors: 'refused' },
    })
    const { run, changes } = await api.plan()
    expect([run.status, changes]).toEqual(['succeeded', []])
  })

  test.each<[string, () => void]>([
    [
      'a page token of Graph that expired',
      () => changeSettings(world.microsoft365.settings, { graph: { pageTokenSeconds: 0 } }),
    ],
    [
      'a page that is gone',
      () => {
        const action = { kind: 'answer', status: 410 } as const
        world.microsoft365.faults.add({ match: { path: '/members' }, from: 2, action })
      },
    ],
  ])(
    '%s leaves the group unknown: nobody loses a right that the rest of it gave',
    async (_, happen) => {
      world.microsoft365.settings.graph.maxPageSize = 2
      happen()
      const { run, changes } = await api.apply()
      expect([run.status, changes]).toEqual(['succeeded', []])
      expect(run.warnings).toMatchObject([
        {
          code: 'DELEGATES_UNKNOWN',
          message: expect.stringContaining('page 2'),
          address: addressOf('team'),
        },
      ])
    },
  )
})
