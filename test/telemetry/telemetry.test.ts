import { expect, test } from 'vitest'
import { metrics } from '../../core/telemetry/metrics.ts'
import { loopback } from '../adapters/http/loopback.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { leaksIn } from '../system/leaks.ts'
import { World, type WorldOptions } from '../system/world.ts'
import { pointsIn, resourceOf, spansIn } from './otlp.ts'

const instrumentationKey = '3f0c8a52-6c1d-4a1e-9f55-0d7a4b8e2c11'

/** A world whose telemetry goes to a collector and to an Application Insights, both on loopback. */
async function observedWorld(env: WorldOptions['env'] = {}, options: Partial<WorldOptions> = {}) {
  const collector = await loopback(() => ({ body: {} }))
  const insights = await loopback(({ text }) => {
    const items = JSON.parse(text).length
    return { body: { itemsReceived: items, itemsAccepted: items, errors: [] } }
  })
  const world = await World.start({
    ...buildTenant({ seed: 7, mailboxes: 40 }),
    ...options,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=collector-key-77aa31',
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${instrumentationKey};IngestionEndpoint=${insights.url}/`,
      ...env,
    },
  })
  return { world, collector, insights }
}

test('a run over several slices is one trace, and its numbers are metrics; nothing in them is secret or personal', async () => {
  // Every reading takes longer than a slice.
  const { world, collector, insights } = await observedWorld({ CLOUD_SYNC__SLICE_SECONDS: '1' })
  await using _ = world
  world.microsoft365.cmdletLatency.set(250, { tags: { cmdlet: 'Get-MailboxPermission' } })
  const api = await world.startHost()
  const run = await api.sync({ perform_sync: true, allow_large_sync: true })
  expect(run.status).toBe('succeeded')
  await expect.poll(() => spansIn(collector.received).map(({ name }) => name)).toContain('run')
  await api.host.stop()

  const spans = spansIn(collector.received)
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  const [whole] = spans.filter(({ name }) => name === 'run')
  expect(whole).toMatchObject({
    status: 1,
    attributes: { run_id: run.id, status: 'succeeded', mode: 'sync', 'guard.blocked': false },
  })
  const slices = spans.filter(({ name }) => name === 'slice')
  expect(slices.length).toBeGreaterThan(1)
  expect(slices.map(({ parentSpanId }) => parentSpanId)).toEqual(slices.map(() => whole?.spanId))
  const sliceIds = new Set(slices.map(({ spanId }) => spanId))
  const phases = spans
    .filter(({ parentSpanId }) => sliceIds.has(parentSpanId ?? ''))
    .toSorted((left, right) => Number(left.startTimeUnixNano) - Number(right.startTimeUnixNano))
    .map(({ name }) => name.replace('phase ', ''))
    .filter((name, index, all) => name !== all[index - 1])
  expect(phases).toEqual(['reading', 'planning', 'applying', 'reporting'])

  const points = pointsIn(collector.received)
  const sumOf = (metric: string, matching: Record<string, unknown> = {}) =>
    points
      .filter((point) => point.metric === metric)
      .filter(({ attributes }) =>
        Object.entries(matching).every(([name, value]) => attributes[name] === value),
      )
      .reduce((sum, { value }) => sum + value, 0)
  const { applied } = run.counts.create
  expect(applied).toBeGreaterThan(5)
  expect(sumOf('cloud_sync.changes', { action: 'create', status: 'applied' })).toBe(applied)
  expect(sumOf('cloud_sync.runs', { status: 'succeeded', mode: 'sync' })).toBe(1)
  expect(sumOf('cloud_sync.warnings')).toBe(run.warnings.length)
  expect(sumOf('cloud_sync.upstream.calls', { upstream: 'zivver', status: '201' })).toBe(applied)
  expect(sumOf('cloud_sync.upstream.calls', { upstream: 'exchange' })).toBe(
    sumOf('cloud_sync.upstream.duration', { upstream: 'exchange' }),
  )
  expect(new Set(points.map(({ metric }) => metric))).toEqual(
    // A scheduled run of this installation would be a preview, so a sync counts; nothing was blocked or waited for.
    new Set(Object.keys(metrics).filter((name) => !/blocked|wait/.test(name))),
  )
  expect(resourceOf(collector.received)).toMatchObject({ 'service.name': 'cloud-sync' })

  const sent = [...collector.received, ...insights.received].map(
    ({ path, text }) => [path, text] as const,
  )
  expect(leaksIn(sent, world.secrets)).toEqual([])
  const names = [...world.microsoft365.tenant.mailboxes.values()].flatMap(
    ({ displayName, primarySmtpAddress, externalDirectoryObjectId }) =>
      [displayName, primarySmtpAddress, externalDirectoryObjectId].filter(
        (text) => text.length > 3,
      ),
  )
  expect(names.filter((name) => sent.some(([, text]) => text.includes(name)))).toEqual([])
  expect(sent.filter(([, text]) => text.includes('@'))).toEqual([])
})

test('Application Insights gets the run as a request, its parts below it, and the heartbeat', async () => {
  const { world, insights } = await observedWorld({
    OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
  })
  await using _ = world
  world.microsoft365.settings.identity.extraResources = ['https://monitor.azure.com']
  const api = await world.startHost()
  await api.sync()
  world.microsoft365.settings.rights.directoryRole = null
  const failed = await api.sync()
  expect(failed.error?.code).toBe('EXCHANGE_FORBIDDEN')
  await api.host.stop()

  const tokens = insights.received.map(({ headers }) => headers.authorization)
  expect(new Set(tokens)).toEqual(
    new Set([expect.stringMatching(/^Bearer opaque\.monitor\.azure\.com/)]),
  )
  const envelopes = insights.received.flatMap(({ text }) => JSON.parse(text))
  expect(new Set(insights.received.map(({ path }) => path))).toEqual(new Set(['/v2.1/track']))
  expect(new Set(envelopes.map(({ iKey }) => iKey))).toEqual(new Set([instrumentationKey]))
  const requests = envelopes.filter(({ data }) => data.baseType === 'RequestData')
  expect(requests.map(({ data }) => data.baseData)).toMatchObject([
    { name: 'run', success: true, properties: { status: 'succeeded', mode: 'preview' } },
    { name: 'run', success: false, responseCode: 'EXCHANGE_FORBIDDEN' },
  ])
  const [operation] = requests.map(({ tags }) => tags['ai.operation.id'])
  const parts = envelopes
    .filter(({ data }) => data.baseType === 'RemoteDependencyData')
    .filter(({ tags }) => tags['ai.operation.id'] === operation)
    .map(({ data }) => data.baseData.name)
  expect(parts).toEqual(expect.arrayContaining(['slice', 'phase reading', 'phase reporting']))
  const heartbeats = envelopes
    .flatMap(({ data }) => data.baseData.metrics ?? [])
    .filter(({ name }: { name: string }) => name === 'cloud_sync.successful_run')
  expect(heartbeats).toMatchObject([{ value: 1, count: 1 }])
  const messages = envelopes.filter(({ data }) => data.baseType === 'MessageData')
  expect(messages[0].data.baseData).toMatchObject({
    message: 'call failed',
    properties: { upstream: 'exchange', status: '403' },
  })
})

test('with TELEMETRY False nothing is sent anywhere', async () => {
  const { world, collector, insights } = await observedWorld({ CLOUD_SYNC__TELEMETRY: 'False' })
  await using _ = world
  const api = await world.startHost()
  expect((await api.sync()).status).toBe('succeeded')
  await api.host.stop()
  expect([...collector.received, ...insights.received]).toEqual([])
})

test('a collector that refuses or is not there costs a run nothing but a warning in the log', async () => {
  const { world, collector } = await observedWorld({
    APPLICATIONINSIGHTS_CONNECTION_STRING: undefined,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  })
  await using _ = world
  const api = await world.startHost()
  expect((await api.sync()).status).toBe('succeeded')
  await api.host.waitForLine(/WARN .*telemetry could not be sent.*OTLP collector/)
  expect(collector.received).toEqual([])
})
