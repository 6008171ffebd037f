import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { bundleFixture } from '../fixtures/bundle.ts'
import { readHostBlob, storage, storeHostBlob, uniqueName } from '../fixtures/storage.ts'
import { type HostProcess, startHost } from '../start-host.ts'

async function startTimers(hostId: string, env: Record<string, string> = {}): Promise<HostProcess> {
  return startHost({
    bundle: await bundleFixture('timer'),
    env: {
      AzureWebJobsStorage: storage(),
      AzureFunctionsWebHost__hostid: hostId,
      FIXTURE_SCHEDULE: '0 0 1 * * *',
      FUNCTIONS_LOCAL_KEY: 'local-key',
      ...env,
    },
  })
}

const runs = (host: HostProcess, name: string) =>
  host.lines.filter((line) => line.includes(`${name} ran`))

async function untilRuns(host: HostProcess, name: string, count: number): Promise<void> {
  for (let tries = 0; tries < 200 && runs(host, name).length < count; tries++) await sleep(50)
  expect(runs(host, name).length).toBeGreaterThanOrEqual(count)
}

async function storeStatus(hostId: string, last: Date, next: Date): Promise<void> {
  const text = JSON.stringify({ Last: last, Next: next, LastUpdated: last })
  await storeHostBlob(statusPath(hostId), text)
}

const statusPath = (hostId: string) => `timers/${hostId}/Host.Functions.nightly/status`

async function readStatus(hostId: string): Promise<unknown> {
  return JSON.parse(await readHostBlob(statusPath(hostId)))
}

const timeOf = (line: string | undefined) => Date.parse(line?.split(' ')[0] ?? '')

// They spend their time waiting for the clock, so they wait together.
describe.concurrent('timers', { timeout: 60_000 }, () => {
  test('a timer runs on its schedule, not at start, and a failure does not stop it', async () => {
    const hostId = uniqueName()
    await using host = await startTimers(hostId, { FIXTURE_TIMER_FAILS: 'true' })
    await untilRuns(host, 'often', 2)
    expect(runs(host, 'nightly')).toEqual([])
    expect(await readStatus(hostId)).toEqual({
      Last: '0001-01-01T00:00:00',
      Next: expect.stringMatching(/^\d{4}-\d\d-\d\dT01:00:00.000Z$/),
      LastUpdated: expect.stringMatching(/Z$/),
    })
  })

  test('ticks that fall into a running invocation become one late one', async () => {
    await using host = await startTimers(uniqueName(), { FIXTURE_TIMER_MS: '2100' })
    await untilRuns(host, 'often', 2)
    const events = host.lines.filter((line) => /often (ran|ended)/.test(line))
    const words = events.map((line) => /often (ran|ended)/.exec(line)?.[1])
    expect(words).toEqual(['ran', 'ended', 'ran'])
    // The next tick by the clock would come 900 ms after the end.
    expect(timeOf(events[2]) - timeOf(events[1])).toBeLessThan(700)
  })

  test('a run that was missed while no host was there is made up for, as past due', async () => {
    const hostId = uniqueName()
    const day = 86_400_000
    const missed = new Date(Math.floor(Date.now() / day) * day - day + 3_600_000)
    await storeStatus(hostId, new Date(missed.getTime() - day), missed)
    await using host = await startTimers(hostId)
    const line = await host.waitForLine(/nightly ran/)
    expect(line).toContain('"isPastDue":true')
    expect(line).toContain(`"next":"${missed.toISOString()}"`)
    await host.stop()
    const status = z.object({ Last: z.iso.datetime(), Next: z.iso.datetime() })
    const { Last, Next } = status.parse(await readStatus(hostId))
    expect(Date.now() - Date.parse(Last)).toBeLessThan(60_000)
    expect(Date.parse(Next)).toBeGreaterThan(Date.now())
  })

  test('two hosts on one storage fire a timer once; a clean stop hands it over', async () => {
    const hostId = uniqueName()
    await using first = await startTimers(hostId)
    await using second = await startTimers(hostId)
    await untilRuns(first, 'often', 2)
    expect(runs(second, 'often')).toEqual([])
    await first.stop()
    // A lock that was not given back would hold for 15 s.
    await second.waitForLine(/often ran/, 12_000)
  })

  test('runOnStartup runs at the start of every host, also while another one has the lock', async () => {
    const hostId = uniqueName()
    await using first = await startTimers(hostId)
    await first.waitForLine(/resume ran/)
    first.kill('SIGKILL')
    await first.exited
    await using restarted = await startTimers(hostId)
    // The dead host's lock holds for 15 s.
    await restarted.waitForLine(/resume ran/)
    expect(runs(restarted, 'often')).toEqual([])
  })

  test('a timer is fired by hand with the key: 202 at once, 404 for an unknown name', async () => {
    await using host = await startTimers(uniqueName())
    const post = (name: string, headers: Record<string, string>, body = '{}') =>
      fetch(`${host.url}/admin/functions/${name}`, { method: 'POST', headers, body })
    const withKey = { 'x-functions-key': 'local-key', 'content-type': 'application/json' }
    expect((await post('nightly', {})).status).toBe(401)
    expect((await post('nobody', withKey)).status).toBe(404)
    expect((await post('nightly', withKey, 'no json')).status).toBe(400)
    expect((await post('nightly', withKey)).status).toBe(202)
    expect(await host.waitForLine(/nightly ran/)).toContain('"isPastDue":false')
    const status = await fetch(`${host.url}/admin/host/status?code=local-key`)
    expect(await status.json()).toMatchObject({ state: 'Running' })
  })

  test('without storage timers still run; with a schedule at fault only that one is left out', async () => {
    await using host = await startHost({
      bundle: await bundleFixture('timer'),
      env: { FIXTURE_SCHEDULE: '0 0 1 * *' },
    })
    await host.waitForLine(/often ran/)
    expect(await host.waitForLine(/in error/)).toContain(
      'function nightly is in error: the schedule "0 0 1 * *" must have six fields',
    )
  })
})
