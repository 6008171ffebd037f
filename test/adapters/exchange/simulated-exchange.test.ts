import { describe, expect, onTestFinished, test } from 'vitest'
import { createExchangeMailboxSource } from '../../../core/adapters/exchange/exchange-mailbox-source.ts'
import type { FullAccessReading, Mailbox } from '../../../core/model/mailbox.ts'
import { startMicrosoft365 } from '../../simulators/microsoft365/microsoft365.ts'
import type { SettingsPatch } from '../../simulators/microsoft365/settings.ts'
import { buildTenant } from '../../simulators/tenant/build-tenant.ts'
import { adapterOptions } from '../http/adapter-options.ts'

/** The port on a simulated tenant of 60 mailboxes, a few to a page. */
async function simulated(exchange: SettingsPatch['exchange'] = {}) {
  const { tenant } = buildTenant({ seed: 7, mailboxes: 60, shared: 15 })
  const settings = { exchange: { maxPageSize: 25, ...exchange } }
  const simulator = await startMicrosoft365({ tenant, settings })
  onTestFinished(() => simulator.close())
  const token = simulator.token('exchange')
  const source = createExchangeMailboxSource({
    ...adapterOptions(),
    tokens: { getToken: () => Promise.resolve(token), invalidate: () => undefined },
    baseUrl: simulator.exchangeUrl,
    tenantId: tenant.id,
    concurrency: 8,
    clientVersion: '1.2.3',
  })
  return { simulator, tenant, source }
}

type Variant = [string, SettingsPatch['exchange']]

describe('the listing is the whole tenant', () => {
  test.each<Variant>([
    ['as it comes', {}],
    ['with pages tied to anchor and cookie', { affinity: 'anchor_and_cookie' }],
    ["with next links on the cloud's public host", { nextLinks: 'public' }],
    ['with mailboxes on two pages', { duplicatesAcrossPages: true }],
    ['with an empty page in the middle', { emptyMiddlePage: true }],
    ['with an empty next link at the end', { emptyNextLinkAtEnd: true }],
    ['with all columns on later pages', { selectSurvivesPaging: false }],
    ['with booleans as text', { booleansAsText: true }],
    ['behind a regional redirect', { redirect: 'regional' }],
    ['where no cursor is ever accepted', { cursors: 'refused' }],
  ])('%s', async (_, exchange) => {
    const { source, tenant } = await simulated(exchange)
    const mailboxes = await source.listMailboxes()
    const listed = [...tenant.mailboxes.values()].filter(
      ({ recipientTypeDetails }) => recipientTypeDetails !== 'GroupMailbox',
    )
    const essence = (mailbox: Mailbox) =>
      [
        mailbox.exchangeGuid,
        mailbox.identifier,
        mailbox.primarySmtpAddress,
        mailbox.accountDisabled,
      ].join()
    const expected = listed.map((mailbox) =>
      [
        mailbox.exchangeGuid,
        mailbox.externalDirectoryObjectId || null,
        mailbox.primarySmtpAddress.toLowerCase(),
        mailbox.accountDisabled,
      ].join(),
    )
    expect(mailboxes.map(essence)).toEqual(expected.sort())
  })

  test.each<[string, SettingsPatch['exchange'], RegExp]>([
    ['a truncated listing', { truncateAt: 10 }, /truncated/],
    ['a foreign next link', { nextLinks: 'foreign' }, /not allowed/],
    ['a repeated next link', { nextLinks: 'repeated' }, /read before/],
  ])('or an error: %s', async (_, exchange, message) => {
    const { source } = await simulated(exchange)
    await expect(source.listMailboxes()).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringMatching(message),
    })
  })
})

describe('Full Access is read the same', () => {
  const readAll = async (exchange: SettingsPatch['exchange'], cmdletMs = 0) => {
    const { source, simulator } = await simulated(exchange)
    const mailboxes = await source.listMailboxes()
    simulator.cmdletLatency.set(cmdletMs)
    const calls: Promise<readonly FullAccessReading[]>[] = []
    for (let next = 0; next < mailboxes.length; ) {
      const batch = mailboxes.slice(next, next + source.preferredBatch())
      next += batch.length
      calls.push(source.readFullAccess(batch))
      // The first calls find out about batches; the others then go all at once.
      if (calls.length < 4) await calls.at(-1)
    }
    const readings = (await Promise.all(calls)).flat().map((reading) => JSON.stringify(reading))
    return { readings: readings.sort(), most: simulator.cmdletLoad.maxOpen, simulator }
  }

  test('singly and in batches, and however the answers are shaped', async () => {
    const { readings } = await readAll({ batchItems: 'sequential' })
    expect(readings.filter((reading) => reading.includes('"status":"read"'))).toHaveLength(
      readings.length,
    )
    expect(readings.filter((reading) => reading.includes('@'))).not.toHaveLength(0)
    const variants: SettingsPatch['exchange'][] = [
      { batchItems: 'parallel', batchOrder: 'shuffled' },
      { noRows: 'missing', singleRowAsObject: true, booleansAsText: true },
      { selfName: 'NT-AUTORITÄT\\SELBST' },
    ]
    for (const variant of variants) expect((await readAll(variant)).readings).toEqual(readings)
  })

  test('in batches where their items run side by side, never above the setting', async () => {
    // Long enough that what is measured is the service, not a busy machine.
    const { simulator, most } = await readAll({ batchItems: 'parallel' }, 100)
    expect(simulator.log.count({ tags: { operation: '$batch' } })).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(8)
  })

  test('below a concurrency cap of the tenant that is lower than the setting', async () => {
    const healthy = await readAll({})
    const capped = await readAll({ concurrencyCap: 3, concurrencyStatus: 503 }, 10)
    expect(capped.simulator.cmdletLoad.refused).toBeGreaterThan(0)
    expect(capped.readings).toEqual(healthy.readings)
  })
})

test('probes tell a deleted mailbox from one that is there, by each form of the answer', async () => {
  for (const notFoundStatus of [404, 400, 500] as const) {
    for (const errorShape of ['full', 'no_innererror', 'no_details', 'json_details'] as const) {
      const { source, tenant } = await simulated({ notFoundStatus, errorShape })
      const [some] = [...tenant.mailboxes.values()].filter(
        ({ externalDirectoryObjectId }) => externalDirectoryObjectId !== '',
      )
      const present = some?.externalDirectoryObjectId ?? ''
      const absent = 'a0000000-0000-4000-8000-00000000dead'
      expect(await source.probeMailboxes([present, absent])).toEqual(
        new Map([
          [present, 'present'],
          [absent, 'absent'],
        ]),
      )
    }
  }
})
