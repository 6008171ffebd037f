import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Health } from '../../core/api/health.ts'
import { neededRights } from '../../core/health/needed-rights.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { type Api, World } from '../system/world.ts'

const exact = {
  appRole: true,
  directoryRole: 'Global Reader',
  graphRoles: ['GroupMember.Read.All', 'User.Read.All', 'Member.Read.Hidden'],
}
const rightNames = neededRights.map(({ name }) => name)

let world: World
let api: Api

beforeAll(async () => {
  world = await World.start({
    ...buildTenant({ seed: 3, mailboxes: 20 }),
    microsoft365: {
      settings: {
        rights: exact,
        // A token is not reused: each look at the health shows what is granted then.
        identity: { tokenFormat: 'jwt', tokenLifetimeSeconds: 1, reuseTokens: false },
      },
    },
  })
  api = await world.startHost()
})
afterAll(() => world[Symbol.asyncDispose]())

async function healthWith(rights: Partial<typeof exact & { directoryRole: string | null }>) {
  Object.assign(world.microsoft365.settings.rights, exact, rights)
  await sleep(1_000)
  const { status, text } = await api.get('/api/health')
  const { checks } = JSON.parse(text) as Health
  return { status, checks, identity: checks.find(({ name }) => name === 'identity') }
}

/** Rights that the checks name in what is wrong and what to do about it. */
function namedIn(checks: Health['checks']): string[] {
  const text = checks
    .filter((check) => check.status !== 'ok')
    .map(({ message, remedy = '' }) => `${message} ${remedy}`)
    .join('\n')
  return rightNames.filter((name) => text.includes(name))
}

test('with exactly the needed rights all is well', async () => {
  const { status, identity, checks } = await healthWith({})
  expect(identity).toMatchObject({ status: 'ok' })
  expect([status, namedIn(checks)]).toEqual([200, []])
})

describe('with a right missing, that right is named, alone, with its remedy', () => {
  const withoutRole = (role: string) => ({
    graphRoles: exact.graphRoles.filter((name) => name !== role),
  })
  test.each([
    ['Exchange.ManageAsApp', { appRole: false }, 'exchange'],
    ['Global Reader', { directoryRole: null }, 'exchange'],
    ['GroupMember.Read.All', withoutRole('GroupMember.Read.All'), 'graph'],
    ['User.Read.All', withoutRole('User.Read.All'), 'graph'],
    ['Member.Read.Hidden', withoutRole('Member.Read.Hidden'), null],
  ])('%s', async (name, rights, refused) => {
    const { status, checks, identity } = await healthWith(rights as Partial<typeof exact>)
    expect(status).toBe(503)
    expect(identity).toMatchObject({
      status: 'failing',
      message: expect.stringContaining(name),
      remedy: expect.stringContaining(`grants ${name}`),
    })
    const failing = checks.filter((check) => check.status === 'failing').map((check) => check.name)
    expect(failing).toEqual(['identity', ...(refused === null ? [] : [refused])])
    expect(namedIn(checks)).toEqual([name])
  })
})

test('a right too many is named, and stops nothing', async () => {
  const { status, identity } = await healthWith({
    directoryRole: 'Exchange Administrator',
    graphRoles: [...exact.graphRoles, 'Mail.ReadWrite'],
  })
  expect(status).toBe(200)
  expect(identity).toMatchObject({
    status: 'warning',
    message: expect.stringMatching(
      /Mail\.ReadWrite on Microsoft Graph, Exchange Administrator \(Global Reader would do\)/,
    ),
  })
})

test('of opaque tokens nothing is known; the calls show what they can', async () => {
  world.microsoft365.settings.identity.tokenFormat = 'opaque'
  const whole = await healthWith({})
  expect([whole.status, whole.identity?.status]).toEqual([200, 'unknown'])
  const { status, identity, checks } = await healthWith({
    graphRoles: ['GroupMember.Read.All', 'Member.Read.Hidden'],
  })
  expect([status, identity?.status]).toEqual([503, 'unknown'])
  expect(checks.find(({ name }) => name === 'graph')).toMatchObject({
    status: 'failing',
    message: expect.stringContaining('User.Read.All on Microsoft Graph is missing'),
    remedy: expect.stringContaining('grants User.Read.All'),
  })
})
