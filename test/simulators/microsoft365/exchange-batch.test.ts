import { afterEach, beforeEach, expect, test } from 'vitest'
import { fault } from '../shared/fault-rule.ts'
import { grantFullAccess } from '../tenant/group-mutations.ts'
import { sampleId } from '../tenant/sample-tenant.ts'
import { exchangeFaults } from './exchange/errors.ts'
import type { Microsoft365 } from './microsoft365.ts'
import { adminApi, command, exchangeHeaders, type Read, send, startSample } from './wire.ts'

let simulator: Microsoft365
beforeEach(async () => {
  simulator = await startSample()
})
afterEach(() => simulator.close())

const item = (
  identity: string,
  more: { readonly url?: string; readonly prefer?: string } = {},
) => ({
  id: `id-${identity}`,
  method: 'POST',
  url: more.url ?? adminApi(simulator),
  headers: { ...exchangeHeaders(simulator), Prefer: more.prefer ?? 'odata.maxpagesize=1000' },
  body: command('Get-MailboxPermission', { Identity: identity, ResultSize: 'Unlimited' }),
})
const batch = (requests: readonly object[]): Promise<Read> =>
  send(adminApi(simulator, '$batch'), {
    method: 'POST',
    headers: exchangeHeaders(simulator),
    body: JSON.stringify({ requests }),
  })
const statuses = ({ json }: Read) => json.responses?.map(({ id, status }) => [id, status])

test('every item has its own status and body', async () => {
  const answer = await batch([item('reception'), item('nobody'), item('room101')])
  expect(answer.status).toBe(200)
  expect(statuses(answer)).toEqual([
    ['id-reception', 200],
    ['id-nobody', 404],
    ['id-room101', 200],
  ])
  const [reception, nobody] = answer.json.responses ?? []
  expect(reception?.body).toMatchObject({ '@adminapi.warnings': [], value: { length: 6 } })
  expect(nobody?.body).toMatchObject({
    error: { code: 'NotFound', details: [{ code: 'Context' }] },
  })
})

test('more than ten items, none, or one id twice are refused as a whole', async () => {
  const eleven = Array.from({ length: 11 }, (_none, at) => ({ ...item('room101'), id: String(at) }))
  expect((await batch(eleven)).status).toBe(400)
  expect((await batch([])).status).toBe(400)
  expect((await batch([item('room101'), item('room101')])).status).toBe(400)
  expect((await batch(eleven.slice(1))).status).toBe(200)
})

test('items run one after another and count one at a time; all of them are open', async () => {
  simulator.cmdletLatency.set(15, { tags: { cmdlet: 'Get-MailboxPermission' } })
  const started = performance.now()
  await batch([item('room101'), item('reception'), item('left.employee')])
  expect(performance.now() - started).toBeGreaterThan(40)
  expect(simulator.cmdletLoad).toMatchObject({
    maxRunning: 1,
    maxOpen: 3,
    runs: { 'Get-MailboxPermission': 3 },
  })
  simulator.settings.exchange.batchItems = 'parallel'
  await batch([item('room101'), item('reception')])
  expect(simulator.cmdletLoad.maxRunning).toBe(2)
})

test('the order may be any, and an item may get no answer', async () => {
  simulator.settings.exchange.batchOrder = 'shuffled'
  const all = ['room101', 'reception', 'left.employee', 'j.devries']
  const orders = new Set<string>()
  for (let turn = 0; turn < 8; turn++) {
    orders.add(JSON.stringify(statuses(await batch(all.map((identity) => item(identity))))))
  }
  expect(orders.size).toBeGreaterThan(1)
  simulator.settings.exchange.batchOrder = 'asked'
  simulator.faults.once({ tags: { identity: 'reception' } }, fault.closedBefore())
  const answer = await batch([item('room101'), item('reception')])
  expect(statuses(answer)).toEqual([['id-room101', 200]])
})

test('one item can be throttled or refused while the others go on', async () => {
  simulator.faults.once({ tags: { identity: 'room101' } }, fault.throttled(7))
  simulator.faults.once({ tags: { identity: 'reception' } }, exchangeFaults.concurrency(503))
  const { json } = await batch([item('room101'), item('reception'), item('left.employee')])
  expect(json.responses).toMatchObject([
    { status: 429, headers: { 'Retry-After': '7' }, body: null },
    { status: 503, body: expect.stringContaining('maximum number of concurrent requests') },
    { status: 200 },
  ])
})

test('a rule for the batch itself does not meet its items, and the other way round', async () => {
  simulator.faults.add({ match: { path: '\\$batch$' }, nth: 1, action: fault.status(503) })
  simulator.faults.add({ match: { tags: { cmdlet: 'Get-Mailbox' } }, action: fault.status(500) })
  expect((await batch([item('room101')])).status).toBe(503)
  expect(statuses(await batch([item('room101')]))).toEqual([['id-room101', 200]])
})

test('items after a failed one can stay unanswered unless they ask to go on', async () => {
  simulator.settings.exchange.stopBatchOnError = true
  expect(statuses(await batch([item('nobody'), item('room101')]))).toEqual([['id-nobody', 404]])
  const prefer = 'odata.maxpagesize=1000;odata.continue-on-error'
  const going = await batch([item('nobody', { prefer }), item('room101', { prefer })])
  expect(going.json.responses).toHaveLength(2)
})

test('a long access list is paged: the item is sent again with the next link as its url', async () => {
  const room = simulator.tenant.mailbox('room101')
  for (let at = 0; at < 5; at++) grantFullAccess(simulator.tenant, room, sampleId('a', 1))
  const prefer = 'odata.maxpagesize=4'
  const first = await batch([item('room101', { prefer })])
  const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const url = first.json.responses?.[0]?.body['@odata.nextLink'] ?? ''
  const second = await send(adminApi(simulator, '$batch'), {
    method: 'POST',
    headers: { ...exchangeHeaders(simulator), cookie },
    body: JSON.stringify({ requests: [item('room101', { prefer, url })] }),
  })
  const rows = [first, second].map(({ json }) => json.responses?.[0]?.body.value?.length)
  expect(rows).toEqual([4, 3])
})

test('without the rights the whole batch, or every item, is refused', async () => {
  simulator.settings.rights.directoryRole = null
  expect((await batch([item('room101')])).json.responses).toMatchObject([
    { status: 403, body: null },
  ])
  simulator.tokens.revokeAll()
  const stale = item('room101')
  simulator.tokens.revokeAll()
  expect(
    (await batch([{ ...stale, headers: { ...stale.headers, authorization: 'Bearer stale' } }])).json
      .responses,
  ).toMatchObject([{ status: 401 }])
})
