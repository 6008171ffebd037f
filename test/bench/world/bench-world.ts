/** Everything that a measurement needs, each part in a process of its own: simulators, storage emulator, the built app. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { systemClock } from '../../../core/adapters/system-clock.ts'
import { createStorage, type Storage } from '../../../core/adapters/tables/storage.ts'
import { parseStorageSettings } from '../../../core/config/storage-settings.ts'
import { byText } from '../../../core/model/address.ts'
import { type HostProcess, startHost } from '../../host/start-host.ts'
import type { AccountSeed } from '../../simulators/zivver/account.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { build } from '../../tools/build.ts'
import { inParts } from '../in-parts.ts'
import type { BenchTenant } from './bench-tenant.ts'
import { KeepAwake } from './keep-awake.ts'
import { type ProcessUsage, usageOf } from './process-usage.ts'
import { Simulator } from './simulator.ts'

export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

export interface WorldOptions {
  readonly tenant: BenchTenant
  /** Accounts that Zivver holds before the run. */
  readonly accounts?: readonly AccountSeed[]
  /** Milliseconds of every HTTP call to Microsoft 365 and Zivver. */
  readonly callMs?: number
  /** Milliseconds of every cmdlet. */
  readonly cmdletMs?: number
  /** What the simulated Zivver allows, and what the app is told. */
  readonly rateLimit?: RateLimit
  readonly env?: Environment
}

type Environment = Readonly<Record<string, string | undefined>>

/** What one run took. */
export interface MeasuredRun {
  readonly status: string
  readonly counts: Readonly<Record<string, unknown>>
  readonly warnings: readonly { readonly code: string; readonly message: string }[]
  /** `started_at` to `finished_at`. */
  readonly seconds: number
  /** Of the host process, report included. */
  readonly peakMiB: number | null
  readonly cpuSeconds: number | null
  readonly bytes: number | null
  readonly calls: CallCounts
}

export interface CallCounts {
  /** Cmdlets, each item of a batch counted. */
  readonly cmdlets: Readonly<Record<string, number>>
  /** HTTP calls. */
  readonly exchange: number
  readonly graph: number
  readonly zivver: number
  readonly zivverWrites: number
  /** Answers with status 429, of all services. */
  readonly refused: number
}

interface Microsoft365Announcement {
  readonly url: string
  readonly exchangeUrl: string
  readonly graphUrl: string
  readonly environment: Readonly<Record<string, string>>
}

/** Opens the app's routes. */
export const functionKey = 'bench-function-key'
const zivverKey = 'bench-zivver-key'
/** Rows stored before a measurement, per call. */
const rowsAtOnce = 10_000

export class BenchWorld implements AsyncDisposable {
  readonly tenant: BenchTenant
  readonly microsoft365: Simulator<Microsoft365Announcement>
  readonly zivver: Simulator<{ readonly url: string }>
  /** The app's own stores. */
  readonly storage: Storage
  readonly env: Environment
  readonly #parts: AsyncDisposableStack
  #host: HostProcess | null = null

  private constructor(
    tenant: BenchTenant,
    parts: AsyncDisposableStack,
    services: Pick<BenchWorld, 'microsoft365' | 'zivver' | 'env'>,
  ) {
    this.tenant = tenant
    this.#parts = parts
    this.microsoft365 = services.microsoft365
    this.zivver = services.zivver
    this.env = services.env
    this.storage = openStorage(services.env)
  }

  /** Starts everything but the app. */
  static async start(options: WorldOptions): Promise<BenchWorld> {
    const parts = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'cloud-sync-bench-'))
    parts.defer(() => rm(folder, { recursive: true }))
    const { rateLimit = { requests: 50, seconds: 0.25 }, callMs = 0, cmdletMs = 0 } = options
    const [azurite, microsoft365, zivver, mail] = await Promise.all([
      startAzurite(),
      startMicrosoft365(options.tenant, join(folder, 'tenant.json'), { callMs, cmdletMs }),
      Simulator.start<{ url: string }>('zivver', {
        key: zivverKey,
        latencyMs: callMs,
        logBodies: false,
        rateLimit: { budget: rateLimit.requests, windowSeconds: rateLimit.seconds },
      }),
      Simulator.start<{ url: string; connectionString: string }>('mail', {}),
    ])
    parts.defer(() => azurite.close())
    for (const simulator of [microsoft365, zivver, mail]) parts.use(simulator)
    // Only thousands of cmdlets leave the processors idle between two calls.
    if (cmdletMs > 0) parts.use(new KeepAwake())
    // In one piece: a delegate may come anywhere in the list.
    if (options.accounts !== undefined) await zivver.act('seed', { accounts: options.accounts })
    const env = environmentOf(options, rateLimit, azurite, microsoft365, zivver, mail)
    return new BenchWorld(options.tenant, parts, { microsoft365, zivver, env })
  }

  /** Starts the app, anew when it runs already. @param env settings on top of those that lead it to the simulators */
  async startApp(env: Environment = {}): Promise<HostProcess> {
    await this.#host?.stop()
    const { outfile } = await build()
    this.#host = await startHost({ env: { ...this.env, ...env }, bundle: outfile })
    return this.#host
  }

  useHost(host: HostProcess): void {
    this.#host = host
  }

  /**
   * Stores mapping rows, as an earlier sync would have left them. In the order of their keys, as Table Storage keeps them:
   * the emulator keeps them as they come, and sorts the whole table anew for each page.
   */
  async linkAll(rows: Parameters<Storage['mappings']['write']>[0]['upsert']): Promise<void> {
    const sorted = rows.toSorted((left, right) => byText(left.key, right.key))
    for (const upsert of inParts(sorted, rowsAtOnce)) {
      await this.storage.mappings.write({ upsert, remove: [] })
    }
  }

  /** Stores permission readings, as an earlier run would have left them. */
  async keepReadings(readings: Parameters<Storage['readings']['write']>[0]): Promise<void> {
    for (const part of inParts(readings, rowsAtOnce)) await this.storage.readings.write(part)
  }

  /**
   * Requests a run, waits for its end and says what it took.
   * @throws Error when it does not end with `succeeded`
   */
  async run(
    flags: Readonly<Record<string, unknown>>,
    onProgress: (text: string) => void = () => undefined,
  ): Promise<MeasuredRun> {
    const host = this.#host ?? (await this.startApp())
    await this.#clearCounts()
    const before = await usageOf(host.pid)
    const { id } = (await this.#call(host, 'POST', '/api/runs', flags)) as { id: string }
    const run = await this.#ended(host, id, onProgress)
    const after = await usageOf(host.pid)
    if (run.status !== 'succeeded') {
      throw new Error(
        `the run ended as ${run.status}: ${JSON.stringify(run.error)}\n${host.lines.slice(-20).join('\n')}`,
      )
    }
    return {
      status: run.status,
      counts: run.counts,
      warnings: run.warnings,
      seconds: (Date.parse(run.finished_at ?? '') - Date.parse(run.started_at ?? '')) / 1000,
      peakMiB: after.peakMiB,
      cpuSeconds: difference(after, before, 'cpuSeconds'),
      bytes: difference(after, before, 'bytes'),
      calls: await this.#countCalls(),
    }
  }

  async #clearCounts(): Promise<void> {
    await Promise.all([
      this.microsoft365.clearLog(),
      this.zivver.clearLog(),
      this.microsoft365.act('reset_load'),
    ])
  }

  async #countCalls(): Promise<CallCounts> {
    const { microsoft365, zivver } = this
    const [state, exchange, graph, all, reads, refused, throttled] = await Promise.all([
      microsoft365.state(),
      microsoft365.count({ tags: { service: 'exchange' } }),
      microsoft365.count({ tags: { service: 'graph' } }),
      zivver.count(),
      zivver.count({ method: 'GET' }),
      microsoft365.count({ status: 429 }),
      zivver.count({ status: 429 }),
    ])
    return {
      cmdlets: stateSchema.parse(state).cmdlets.runs,
      exchange,
      graph,
      zivver: all,
      zivverWrites: all - reads,
      refused: refused + throttled,
    }
  }

  async #ended(
    host: HostProcess,
    id: string,
    onProgress: (text: string) => void,
  ): Promise<z.infer<typeof runSchema>> {
    const began = performance.now()
    for (;;) {
      const run = runSchema.parse(await this.#call(host, 'GET', `/api/runs/${id}`))
      if (run.status !== 'queued' && run.status !== 'running') return run
      onProgress(`${run.phase} ${run.progress.done}/${run.progress.total}`)
      // Looking costs the app a little: seldom in a long run, often in a short one.
      await sleep(performance.now() - began < 5_000 ? 250 : 1_000)
    }
  }

  async #call(host: HostProcess, method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(host.url + path, {
      method,
      headers: { 'x-functions-key': functionKey },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`)
    return JSON.parse(text)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host?.stop()
    await this.#parts.disposeAsync()
  }
}

const runSchema = z.object({
  status: z.string(),
  phase: z.string(),
  progress: z.object({ done: z.number(), total: z.number() }),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  counts: z.record(z.string(), z.unknown()),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  error: z.unknown(),
})

const stateSchema = z.object({
  cmdlets: z.object({ runs: z.record(z.string(), z.number()) }),
})

async function startMicrosoft365(
  built: BenchTenant,
  tenantFile: string,
  latency: { readonly callMs: number; readonly cmdletMs: number },
): Promise<Simulator<Microsoft365Announcement>> {
  const { tenant, includedDomains } = built
  const stored = { tenant: tenant.toJSON(), includedDomains, filterGroups: {}, accounts: [] }
  await writeFile(tenantFile, JSON.stringify(stored))
  return Simulator.start<Microsoft365Announcement>('microsoft365', {
    tenant: { seed: 1, mailboxes: tenant.mailboxes.size },
    tenantFile,
    logBodies: false,
    ...latency,
  })
}

function environmentOf(
  options: WorldOptions,
  { requests, seconds }: RateLimit,
  azurite: Azurite,
  microsoft365: Simulator<Microsoft365Announcement>,
  zivver: Simulator<{ readonly url: string }>,
  mail: Simulator<{ readonly connectionString: string }>,
): Environment {
  return {
    AzureWebJobsStorage: azurite.connectionString,
    FUNCTIONS_LOCAL_KEY: functionKey,
    // A new instance has no cache of compiled code; what is read from one stays in memory.
    NODE_COMPILE_CACHE: undefined,
    ...microsoft365.announced.environment,
    CLOUD_SYNC__ZIVVER_API_URL: zivver.announced.url,
    CLOUD_SYNC__ZIVVER_API_KEY: zivverKey,
    CLOUD_SYNC__ZIVVER_RATE_LIMIT: `${requests}/${seconds}`,
    CLOUD_SYNC__INCLUDED_DOMAINS: options.tenant.includedDomains.join(','),
    CLOUD_SYNC__SSO_ACCOUNT_KEY: 'object_id',
    CLOUD_SYNC__EMAIL_CONNECTION_STRING: mail.announced.connectionString,
    CLOUD_SYNC__EMAIL_SENDER: 'cloud-sync@contoso.example',
    CLOUD_SYNC__EMAIL_RECIPIENTS: 'admin@contoso.example',
    ...options.env,
  }
}

function openStorage(env: Environment): Storage {
  const parsed = parseStorageSettings(env)
  if (!parsed.ok) throw new Error('the emulator has no usable connection string')
  const partition = env['CLOUD_SYNC__TENANT_ID'] ?? ''
  return createStorage({ storage: parsed.storage, partition, leaseSeconds: 60, clock: systemClock })
}

function difference(
  after: ProcessUsage,
  before: ProcessUsage,
  name: 'cpuSeconds' | 'bytes',
): number | null {
  const [end, begin] = [after[name], before[name]]
  return end === null || begin === null ? null : end - begin
}
