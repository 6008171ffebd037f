import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OutboxMail } from '../simulators/mail/outbox.ts'
import { fault } from '../simulators/shared/fault-rule.ts'
import { addAlias, setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api, RunWithChanges } from './api.ts'
import { accountOf, addressOf, includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

/** By the name of the mailbox: why Zivver refuses every change of it. */
const causes = {
  guest: 'ALIAS_IS_GUEST',
  taken: 'ALIAS_TAKEN',
  division: 'DIVISION_INVALID',
  outside: 'ACCOUNT_OUTSIDE_ORGANIZATION',
} as const
const refused = Object.keys(causes) as (keyof typeof causes)[]
const guests = [addressOf('guest.one'), addressOf('guest.two')]
const small = new SmallTenant().users('fine', ...refused)
const { tenant } = small
let world: World
let api: Api
const runs: RunWithChanges[] = []

beforeAll(async () => {
  // `outside` has no account yet; the others agree with their mailboxes, apart from what follows.
  const accounts = ['fine', 'guest', 'taken', 'division'].map((name) => accountOf(small.get(name)))
  const zivver = { guests, outsideOrganization: [addressOf('outside')] }
  world = await World.start({ tenant, includedDomains, accounts, zivver })
  api = await world.startHost()
  // Two of them: one guest alone would be left out, and the rest written.
  for (const alias of guests) addAlias(tenant, small.get('guest'), alias)
  refuse('taken', 'Error creating alias: Alias is already taken for another account')
  refuse('division', 'Invalid division: Sales')
  for (const name of ['taken', 'division']) setDisplayName(tenant, small.get(name), 'New Name')
})
afterAll(() => world[Symbol.asyncDispose]())

function refuse(name: string, text: string): void {
  const id = world.zivver.state.ownerOf(addressOf(name))?.id ?? ''
  world.zivver.faults.add({ match: { method: 'PUT', path: id }, action: fault.status(400, text) })
}

/** A sync in which there is something to do for the account that is fine. */
async function syncAgain(): Promise<RunWithChanges> {
  setDisplayName(tenant, small.get('fine'), `Fine ${runs.length}`)
  const run = await api.apply()
  runs.push(run)
  return run
}

function lastMail(): OutboxMail {
  const mail = world.mail.outbox().at(-1)
  if (mail === undefined) throw new Error('there is no mail')
  return mail
}

const failuresOf = ({ changes }: RunWithChanges) =>
  Object.fromEntries(
    changes.flatMap(({ address, error }) =>
      error === null ? [] : [[address.split('@')[0], error.code]],
    ),
  )
const repeatedIn = ({ run }: RunWithChanges) =>
  run.warnings.filter(({ code }) => code === 'FAILING_REPEATEDLY')
const rows = () => world.rows('CloudSyncFailures')

test('accounts that Zivver refuses fail alone, each with its cause and remedy in the mail; the others converge', async () => {
  const first = await syncAgain()
  expect(first.run.status).toBe('completed_with_errors')
  expect(failuresOf(first)).toEqual(causes)
  expect(world.zivver.state.ownerOf(addressOf('fine'))?.displayName).toBe('Fine 0')
  expect(repeatedIn(first)).toEqual([])
  const { subject, text } = lastMail()
  expect(subject).toContain(': 4 FAILED, ')
  for (const code of Object.values(causes)) expect(text).toContain(`(1) · ${code}`)
})

test('a preview tries nothing and counts nothing', async () => {
  const before = await rows()
  expect(repeatedIn(await api.plan())).toEqual([])
  expect(await rows()).toEqual(before)
  expect(before).toHaveLength(4)
})

test('they are tried again by each sync, and from then on told in one line each, without an alarm', async () => {
  await syncAgain()
  const third = await syncAgain()
  expect(third.run.status).toBe('completed_with_errors')
  expect(failuresOf(third)).toEqual(causes)
  expect(world.zivver.state.ownerOf(addressOf('fine'))?.displayName).toBe('Fine 2')
  const day = runs[0]?.run.started_at?.slice(0, 10)
  expect(new Set(repeatedIn(third).map(({ message }) => message))).toEqual(
    new Set([
      `${addressOf('guest')}: failed 3 times since ${day} (update, ALIAS_IS_GUEST)`,
      `${addressOf('taken')}: failed 3 times since ${day} (update, ALIAS_TAKEN)`,
      `${addressOf('division')}: failed 3 times since ${day} (update, DIVISION_INVALID)`,
      `${addressOf('outside')}: failed 3 times since ${day} (create, ACCOUNT_OUTSIDE_ORGANIZATION)`,
    ]),
  )
  const { subject, text } = lastMail()
  expect(subject).toMatch(/: 4 still failing, 1 updated$/)
  expect(text).toContain('· FAILING_REPEATEDLY')
  for (const { message } of repeatedIn(third)) expect(text).toContain(`> ${message}`)
  for (const code of Object.values(causes)) expect(text).not.toContain(`· ${code}`)
})

test('a new failure is told in full beside them', async () => {
  refuse('fine', 'Some text that nobody knows')
  const fourth = await syncAgain()
  expect(repeatedIn(fourth)).toHaveLength(4)
  const { subject, text } = lastMail()
  expect(subject).toMatch(/: 1 FAILED, 4 still failing, nothing applied$/)
  expect(text).toContain('FAILED CHANGES (1)')
  expect(text).toContain('· WRITE_REJECTED')
})

test('once their causes are gone they are applied, and nothing is remembered of them', async () => {
  world.zivver.faults.clear()
  world.zivver.setOptions({ guests: [], outsideOrganization: [] })
  const last = await syncAgain()
  expect(last.run.status).toBe('succeeded')
  expect(repeatedIn(last)).toEqual([])
  expect(await rows()).toEqual([])
  expect(lastMail().subject).not.toMatch(/fail/i)
})
