import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nextOccurrences, parseSchedule } from '../../core/config/schedule.ts'
import { nextRunsText } from '../../core/health/next-runs.ts'
import { HostBlobs } from '../host/storage/host-blobs.ts'
import { fault } from '../simulators/shared/fault-rule.ts'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import type { Api } from '../system/api.ts'
import { includedDomains, SmallTenant } from '../system/small-tenant.ts'
import { World } from '../system/world.ts'
import { letDaysPass } from './ageing.ts'

const names = Array.from({ length: 12 }, (_, at) => `user${at}`)
const small = new SmallTenant().users(...names)
const hostId = 'stories'
let world: World
let api: Api

beforeAll(async () => {
  const accounts = small.accounts()
  const env = { CLOUD_SYNC__PERFORM_SYNC: 'True', AzureFunctionsWebHost__hostid: hostId }
  world = await World.start({ tenant: small.tenant, includedDomains, accounts, env })
  api = await world.startHost()
  expect((await api.apply()).run.status).toBe('succeeded')
})
afterAll(() => world[Symbol.asyncDispose]())

test('story 30: a sync that is blocked for five days says its age in the subject, and approve_run ends it', async () => {
  const mails = world.mail.outbox().length
  for (const name of names) setDisplayName(small.tenant, small.get(name), `New ${name}`)
  let blocked = ''
  for (const daysLater of [1, 1, 3]) {
    await letDaysPass(world, daysLater)
    const run = await api.tick()
    expect(run.status).toBe('blocked')
    blocked = run.id
  }
  const subjects = world.mail
    .outbox()
    .slice(mails)
    .map(({ subject }) => subject)
  expect(subjects).toEqual([
    expect.stringMatching(/: BLOCKED: .*12 of 12/),
    expect.stringMatching(/: BLOCKED day 2: /),
    expect.stringMatching(/: BLOCKED day 5: .* · no success for 5 days/),
  ])
  const health = await api.get('/api/health')
  expect(health.status).toBe(503)
  expect(health.json.checks.find(({ name }) => name === 'schedule')?.status).toBe('failing')
  const approved = await api.sync({ perform_sync: true, approve_run: blocked })
  expect(approved).toMatchObject({ status: 'succeeded', counts: { update: { applied: 12 } } })
  expect(world.mail.outbox().at(-1)?.subject).not.toMatch(/BLOCKED|no success/)
}, 60_000)

test('story 29: a run that was missed while no host was there is made up for when one starts', async () => {
  const day = 86_400_000
  const missed = new Date(Math.floor(Date.now() / day) * day - day + 3_600_000)
  const connection = world.env['AzureWebJobsStorage'] ?? ''
  const blobs = new HostBlobs(BlobServiceClient.fromConnectionString(connection))
  const known = new Set((await api.runs()).map(({ id }) => id))
  await blobs.write(
    `timers/${hostId}/Host.Functions.scheduledSync/status`,
    JSON.stringify({ Last: new Date(missed.getTime() - day), Next: missed, LastUpdated: missed }),
  )
  api = await world.restartHost()
  await api.host.waitForLine(/scheduledSync.*run requested/, 40_000)
  const made = (await api.runs()).filter(({ id }) => !known.has(id))
  expect(made).toMatchObject([{ trigger: 'schedule', requested_by: 'scheduledSync' }])
  expect((await api.ended(made[0]?.id ?? '')).status).toBe('succeeded')
}, 60_000)

test('story 28: a daily run at 02:30 comes once a day, 24 hours apart, whatever the local clocks do', () => {
  const check = parseSchedule('0 30 2 * * *')
  if (!check.ok) throw new Error(check.message)
  for (const from of ['2027-03-26T12:00:00Z', '2027-10-29T12:00:00Z']) {
    const moments = nextOccurrences(check.schedule, new Date(from), 5).map((at) => at.getTime())
    const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? 0))
    expect(new Set(gaps)).toEqual(new Set([86_400_000]))
  }
  const autumn = nextRunsText('0 30 2 * * *', 'Europe/Amsterdam', new Date('2027-10-29T12:00:00Z'))
  expect(autumn).toContain(
    'Sat 30 Oct 02:30 UTC (04:30 Europe/Amsterdam), Sun 31 Oct 02:30 UTC (03:30)',
  )
  expect(autumn).toContain('The clocks of Europe/Amsterdam change in between; runs keep to UTC.')
})

test('story 21: a wait of 300 seconds is shown as what it is, in the run and in the log, and can be cancelled', async () => {
  // The last test of this host: it keeps to the wait.
  world.zivver.faults.once({ method: 'GET' }, fault.throttled(300))
  const { id } = await api.started()
  // Before that it may have waited for the list of mailboxes.
  const { progress, status } = await api.until(id, (run) =>
    /Zivver/.test(run.progress.waiting_for ?? ''),
  )
  expect([status, progress.waiting_for]).toEqual(['running', "300 s for Zivver's rate limit"])
  await api.host.waitForLine(/slice ended.*waiting 300 s for Zivver's rate limit/)
  await api.call('POST', `/api/runs/${id}/cancel`)
  expect(await api.ended(id)).toMatchObject({
    status: 'cancelled',
    progress: { waiting_for: null },
  })
})
