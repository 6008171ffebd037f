import { afterAll, beforeAll, expect, test } from 'vitest'
import { disableMailbox } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from './api.ts'
import { includedDomains, SmallTenant } from './small-tenant.ts'
import { World } from './world.ts'

const names = Array.from({ length: 1940 }, (_, at) => `user${at + 1}`)
const small = new SmallTenant().users(...names)
const { tenant } = small
const staff = small.group('Staff-NL', [...tenant.mailboxes.values()])
const interns = small.group(
  'Interns',
  names.slice(0, 30).map((name) => small.get(name)),
)

let world: World
let api: Api

beforeAll(async () => {
  world = await World.start({
    tenant,
    includedDomains,
    accounts: small.accounts(),
    // Nobody has Full Access here: 1,940 mailboxes need not be asked one by one.
    env: { CLOUD_SYNC__SOURCE_FILTER: staff.id, CLOUD_SYNC__DELEGATES: 'False' },
  })
  api = await world.startHost()
})
afterAll(() => world?.[Symbol.asyncDispose]())

const lastMail = () => world.mail.outbox().at(-1)

test('a blocked run names the filter group and how much it shrank, in guard, mail and report', async () => {
  const first = await api.sync({ perform_sync: true, allow_large_sync: true })
  expect(first).toMatchObject({ status: 'succeeded', counts: { link: { applied: 1940 } } })
  staff.members.splice(1528)
  for (const name of names.slice(0, 18)) disableMailbox(tenant, small.get(name))

  const run = await api.sync({ perform_sync: true })
  expect(run).toMatchObject({ status: 'blocked', counts: { suspend: { planned: 430 } } })
  expect(run.guard.findings).toContainEqual(
    expect.stringMatching(
      /^source filter group "Staff-NL" shrank from 1940 to 1528 members since /,
    ),
  )
  const cause =
    '412 of 430 suspensions: no longer a member of filter group “Staff-NL”, which shrank from 1,940 to 1,528'
  const mail = lastMail()
  expect(mail?.subject).toContain('BLOCKED: would suspend 430 of 1,940')
  expect([mail?.text, mail?.html, (await api.get(`/api/runs/${run.id}/report`)).text]).toEqual([
    expect.stringContaining(cause),
    expect.stringContaining(cause),
    expect.stringContaining(cause),
  ])
  expect(mail?.html).toContain(`href="${api.host.url}/api/dashboard#run=${run.id}"`)
})

test('it stays the cause the day after and in a preview, because Zivver is still as it was; in Dutch too', async () => {
  api = await world.restartHost({ CLOUD_SYNC__LANGUAGE: 'nl' })
  await api.sync()
  await api.sync({ perform_sync: true })
  expect(lastMail()?.text).toContain(
    '412 van 430 opschortingen: geen lid meer van filtergroep “Staff-NL”, die van 1.940 naar 1.528 leden kromp',
  )
})

test('another group in the setting is said to be another group', async () => {
  api = await world.restartHost({ CLOUD_SYNC__SOURCE_FILTER: interns.id })
  const { guard } = await api.sync()
  expect(guard.findings.join('\n')).toMatch(
    /"Staff-NL" \(1940 members\) was taken out of the setting[^]*"Interns" \(30 members\) came into the setting/,
  )
  const text = lastMail()?.text ?? ''
  expect(text).toMatch(
    /Filter group “Staff-NL” \(1,940 members on .*\) is no longer in `CLOUD_SYNC/,
  )
  expect(text).toMatch(/Filter group “Interns” \(30 members\) came into `CLOUD_SYNC/)
  expect(text).toContain('1,910 of 1,928 suspensions: not a member of the source filter’s groups')
})
