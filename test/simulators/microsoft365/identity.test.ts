import { afterEach, beforeEach, expect, test } from 'vitest'
import { fault } from '../shared/fault-rule.ts'
import type { Microsoft365 } from './microsoft365.ts'
import { graph, invoke, send, startSample } from './wire.ts'

let simulator: Microsoft365
beforeEach(async () => {
  simulator = await startSample()
})
afterEach(() => simulator.close())

const exchange = 'https://outlook.office365.com'
const ask = (resource: string, header = simulator.environment['IDENTITY_HEADER']) =>
  send(
    `${simulator.environment['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`,
    { headers: { 'x-identity-header': header ?? '' } },
  )

test('a token is given in the form of App Service, with the resource exactly as asked', async () => {
  const { status, json } = await ask(`${exchange}/`)
  expect(status).toBe(200)
  expect(json).toEqual({
    access_token: expect.any(String),
    expires_on: expect.stringMatching(/^\d{10}$/),
    resource: `${exchange}/`,
    token_type: 'Bearer',
    client_id: expect.any(String),
  })
  expect(Number(json['expires_on'])).toBeGreaterThan(Date.now() / 1000 + 86_000)
})

test('the same token comes again until it is revoked; a revoked one is refused everywhere', async () => {
  const first = (await ask(exchange)).json['access_token']
  expect((await ask(exchange)).json['access_token']).toBe(first)
  const old = simulator.token('exchange')
  simulator.tokens.revokeAll()
  expect((await ask(exchange)).json['access_token']).not.toBe(first)
  const refused = await invoke(
    simulator,
    'Get-Mailbox',
    {},
    { headers: { authorization: `Bearer ${old}` } },
  )
  expect(refused.status).toBe(401)
})

test('a wrong secret, an unknown resource and a user-assigned identity are refused in the documented form', async () => {
  expect((await ask(exchange, 'wrong')).status).toBe(401)
  const unknown = await ask('https://vault.azure.net')
  expect([unknown.status, unknown.json]).toEqual([
    400,
    {
      statusCode: 400,
      message: 'No Managed Identity found for specified resource.',
      correlationId: expect.any(String),
    },
  ])
  const userAssigned = await ask(`${exchange}&client_id=1`)
  expect(userAssigned.status).toBe(400)
})

test('the endpoint can be throttled like any other', async () => {
  simulator.faults.once({ tags: { service: 'identity' } }, fault.throttled(1))
  const throttled = await ask(exchange)
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '1'])
  expect((await ask(exchange)).status).toBe(200)
})

test('a token works for its own audience only', async () => {
  const graphToken = { authorization: `Bearer ${simulator.token('graph')}` }
  const exchangeToken = { authorization: `Bearer ${simulator.token('exchange')}` }
  expect((await invoke(simulator, 'Get-Mailbox', {}, { headers: graphToken })).status).toBe(401)
  expect((await graph(simulator, '/groups', exchangeToken)).status).toBe(401)
})

test('a readable token names its roles; an expired one is refused', async () => {
  simulator.settings.identity.tokenFormat = 'jwt'
  const token = simulator.token('exchange')
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toMatchObject({
    aud: exchange,
    tid: simulator.tenant.id,
    roles: ['Exchange.ManageAsApp'],
    wids: ['f2ef992c-3afb-46b9-b7cf-a126ee74c451'],
  })
  simulator.tokens.revokeAll()
  simulator.settings.identity.tokenLifetimeSeconds = -1
  expect((await invoke(simulator, 'Get-Mailbox')).status).toBe(401)
})

test('a right that is granted later can stay invisible until a new token is issued', async () => {
  simulator.settings.rights.directoryRole = null
  simulator.settings.identity.rightsCountFrom = 'issue'
  expect((await invoke(simulator, 'Get-Mailbox')).status).toBe(403)
  simulator.settings.rights.directoryRole = 'Global Reader'
  expect((await invoke(simulator, 'Get-Mailbox')).status).toBe(403)
  simulator.tokens.revokeAll()
  expect((await invoke(simulator, 'Get-Mailbox')).status).toBe(200)
})
