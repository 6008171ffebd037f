import { expect, test } from 'vitest'
import { getReport } from '../../functions/report.ts'
import { aChange, aRun } from '../api/builders.ts'
import { call, FakeApp } from './fake-app.ts'

test('the report of a run is one page that fetches nothing and holds no key', async () => {
  const app = new FakeApp()
  app.storage.history.set('r1', aRun({ id: 'r1' }))
  app.storage.plans.set('r1', [aChange()])
  const target = 'GET /runs/r1/report?code=planted'
  const { status, headers, text } = await call(app, getReport, target, { params: { id: 'r1' } })
  expect(status).toBe(200)
  expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' })
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'/)
  expect(text).toContain('anna@contoso.example')
  expect(text).not.toContain('planted')
})

test('the report of an unknown run is a 404 problem', async () => {
  const { status } = await call(new FakeApp(), getReport, 'GET /runs/r1/report', {
    params: { id: 'r1' },
  })
  expect(status).toBe(404)
})
