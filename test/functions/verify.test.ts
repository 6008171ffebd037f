import { expect, test } from 'vitest'
import type { Evidence } from '../../core/api/verification.ts'
import { verifyTenant } from '../../functions/verify.ts'
import { aRun } from '../api/builders.ts'
import { SilentProbe } from '../verify/silent-probe.ts'
import { call, FakeApp } from './fake-app.ts'

function verify(app: FakeApp, probe = new SilentProbe()) {
  return call(
    app,
    (request, invocation) => verifyTenant(request, invocation, () => probe),
    'POST /verify',
  )
}

test('POST /verify answers a verdict for each assumption, and asks no question that writes', async () => {
  const probe = new SilentProbe()
  const { status, body } = await verify(new FakeApp(), probe)
  expect(status).toBe(200)
  const { made_by: madeBy, made_at: madeAt, verdicts } = body as Evidence
  expect([madeBy, madeAt]).toEqual(['0.1.0', '2026-11-23T01:00:00.000Z'])
  const notAsked = verdicts.filter(({ verdict }) => verdict === 'not_asked')
  expect(notAsked.every(({ id }) => id.startsWith('write.'))).toBe(true)
  expect(probe.asked).not.toContain('zivver PUT')
})

test('POST /verify is refused while a run is queued or running: it names the run, and asks nobody', async () => {
  const app = new FakeApp()
  app.storage.history.set('r0', aRun({ id: 'r0', status: 'running' }))
  const probe = new SilentProbe()
  expect(await verify(app, probe)).toMatchObject({ status: 409, body: { active_run: 'r0' } })
  expect(probe.asked).toEqual([])
})

test('POST /verify with faulty settings says which', async () => {
  const { status, body } = await verify(new FakeApp({ CLOUD_SYNC__LANGUAGE: 'fr' }))
  expect(status).toBe(503)
  expect(body).toMatchObject({ detail: expect.stringContaining('CLOUD_SYNC__LANGUAGE') })
})
