/**
 * The composition root: environment → settings → adapters → services. Nothing is opened while the app loads; the parts
 * are made when an invocation asks for them, kept for the process, and made again when the environment has changed.
 */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { InvocationContext } from '@azure/functions'
import { ManagedIdentityCredential } from '@azure/identity'
import { createReportSender } from '../core/adapters/email/acs-report-sender.ts'
import {
  type ReachMailOptions,
  reachMailService,
} from '../core/adapters/email/reach-mail-service.ts'
import { exchangeBase } from '../core/adapters/exchange/exchange-client.ts'
import { createExchangeMailboxSource } from '../core/adapters/exchange/exchange-mailbox-source.ts'
import { graphBase } from '../core/adapters/graph/graph-client.ts'
import { createGraphDirectory } from '../core/adapters/graph/graph-directory.ts'
import { CallRouter } from '../core/adapters/http/call-router.ts'
import { managedIdentityTokens } from '../core/adapters/identity/managed-identity.ts'
import { readTokenRights } from '../core/adapters/identity/token-rights.ts'
import { systemClock as clock } from '../core/adapters/system-clock.ts'
import { newRunId } from '../core/adapters/tables/run-id.ts'
import { createStorage } from '../core/adapters/tables/storage.ts'
import { defaultTiming } from '../core/adapters/tables/storage-clients.ts'
import { createTelemetry } from '../core/adapters/telemetry/create-telemetry.ts'
import { createUpdateFeed } from '../core/adapters/update/http-update-feed.ts'
import {
  createOneDeployPublisher,
  deploymentAudience,
} from '../core/adapters/update/one-deploy-publisher.ts'
import { createPackageStore } from '../core/adapters/update/package-store.ts'
import { createUpdateLog } from '../core/adapters/update/table-update-log.ts'
import { createHttpProbe } from '../core/adapters/verify/http-probe.ts'
import { limiterFor } from '../core/adapters/zivver/pacing.ts'
import { callTimeoutMs, createZivver } from '../core/adapters/zivver/zivver.ts'
import { dashboardUrlOf } from '../core/config/dashboard-url.ts'
import { createMasker, secretsOf } from '../core/config/masking.ts'
import { parseStorageSettings, type StorageSettings } from '../core/config/storage-settings.ts'
import {
  type BasicSettings,
  describeFaults,
  type EmailSettings,
  type Environment,
  parseSettings,
  type Settings,
} from '../core/config.ts'
import { SyncError } from '../core/errors.ts'
import type { Logger, ReportSender } from '../core/ports.ts'
import { KeptChanges } from '../core/run/kept-changes.ts'
import type { UpdateLog } from '../core/update/services.ts'
import type { TenantProbe } from '../core/verify/probe.ts'
import type { App, Storage, Upstreams } from './app.ts'
import { createInvocation, type Invocation, runInvocation } from './invocation.ts'
import type { Updater } from './self-update.ts'
import { version } from './version.ts'

export { runQueueName } from '../core/adapters/queue/storage-run-queue.ts'

/** Graph calls in flight; its own limits are far away (reference 5.6). */
const graphConcurrency = 8
/** Of tokens for Communication Services: with the slash, as its own SDK asks for them. */
const mailAudience = 'https://communication.azure.com/'

const calls = new CallRouter()
const observed = { clock, observer: calls, random: Math.random }
const mailCalls = { now: () => clock.now(), observer: calls }
const owner = `${hostname()} ${process.pid} ${randomBytes(4).toString('hex')}`
let current: { readonly fingerprint: string; readonly app: App } | null = null
let latest: Logger | null = null

/** Storage outlives invocations: what it has to say goes to the log of the latest one. */
const logger: Logger = { log: (level, message, fields) => latest?.log(level, message, fields) }

/** What one invocation works with. Never throws. */
export function openInvocation(context: InvocationContext): Invocation {
  const invocation = createInvocation(currentApp(process.env), context)
  latest = invocation.logger
  return invocation
}

/** Does the work of one invocation, from its context to its telemetry. @throws what the work throws */
export function inInvocation<T>(
  context: InvocationContext,
  work: (invocation: Invocation) => T | Promise<T>,
): Promise<T> {
  return runInvocation(currentApp(process.env), openInvocation(context), work)
}

function currentApp(env: Environment): App {
  const fingerprint = fingerprintOf(env)
  if (current?.fingerprint !== fingerprint) current = { fingerprint, app: createApp({ ...env }) }
  return current.app
}

function fingerprintOf(env: Environment): string {
  const names = Object.keys(env).filter((name) =>
    /^(?:CLOUD_SYNC__|AzureWebJobsStorage|IDENTITY_|APPLICATIONINSIGHTS_|OTEL_)/i.test(name),
  )
  return JSON.stringify(names.sort().map((name) => [name, env[name]]))
}

/** The app of one environment. */
function createApp(env: Environment): App {
  const settings = parseSettings(env)
  const basics = settings.ok ? settings.settings : settings.partial
  const { email } = basics
  let storage: Storage | undefined
  let upstreams: Upstreams | undefined
  return {
    settings,
    version,
    clock,
    owner,
    keptChanges: new KeptChanges(),
    newRunId,
    mask: createMasker(secretsOf(env)),
    telemetry: createTelemetry({ env, isOn: basics.telemetry, version, clock }),
    followCalls: (follower, work) => calls.follow(follower, work),
    storage: () => (storage ??= openStorage(env, basics)),
    upstreams: (valid) => (upstreams ??= openUpstreams(valid)),
    reportSender: {
      ...(email === null && { skips: 'no mail service is configured' }),
      send: async (mail, id) => openReportSender(email).send(mail, id),
    },
    dashboardUrl: dashboardUrlOf(env['WEBSITE_HOSTNAME']),
    reachMail: email && (() => reachMailService({ access: mailAccess(email), ...mailCalls })),
    lastUpdate:
      settings.ok && settings.settings.updateFeed !== null
        ? () => openUpdateLog(storageOf(env)).lastAttempt()
        : null,
  }
}

function openStorage(env: Environment, { partition, leaseSeconds }: BasicSettings): Storage {
  return createStorage({ storage: storageOf(env), partition, leaseSeconds, clock, logger })
}

/** @throws SyncError `CONFIG_INVALID`, `SECRET_UNRESOLVED` */
function storageOf(env: Environment): StorageSettings {
  const parsed = parseStorageSettings(env)
  if (parsed.ok) return parsed.storage
  const code = parsed.faults[0]?.code ?? 'CONFIG_INVALID'
  throw new SyncError(code, describeFaults(parsed.faults))
}

/** What updating itself needs; it is asked for once an hour, and nothing of it is kept. */
export function openUpdater(feedUrl: string): Updater {
  const storage = storageOf(process.env)
  return {
    feed: createUpdateFeed(feedUrl),
    packages: createPackageStore({
      storage,
      blobServiceUri: process.env['AzureWebJobsStorage__blobServiceUri'],
    }),
    publisher: createOneDeployPublisher({
      hostName: process.env['WEBSITE_HOSTNAME'],
      tokens: managedIdentityTokens({ audience: deploymentAudience, clock }),
      clock,
    }),
    log: openUpdateLog(storage),
  }
}

/** Asks the services of the settings one call at a time, with the app's identity, key and rate limit. */
export function openProbe(settings: Settings): TenantProbe {
  const { tenantId, zivverApiUrl: url, zivverApiKey: key, zivverRateLimit: limit } = settings
  const service = (base: ReturnType<typeof exchangeBase>) => ({
    base,
    tokens: managedIdentityTokens({ audience: base.audience, clock }),
  })
  return createHttpProbe({
    tenantId,
    version,
    exchange: service(exchangeBase(settings.exchangeUrl)),
    graph: service(graphBase(settings.graphUrl)),
    zivver: { url, key, limiter: limiterFor({ baseUrl: url, apiKey: key, limit, clock }) },
  })
}

function openUpdateLog(settings: StorageSettings): UpdateLog {
  return createUpdateLog({ settings, timing: defaultTiming }, clock)
}

function openUpstreams(settings: Settings): Upstreams {
  const { exchangeUrl, graphUrl } = settings
  const exchangeTokens = managedIdentityTokens({
    audience: exchangeBase(exchangeUrl).audience,
    clock,
    observer: calls,
  })
  const graphTokens = managedIdentityTokens({
    audience: graphBase(graphUrl).audience,
    clock,
    observer: calls,
  })
  return {
    source: createExchangeMailboxSource({
      baseUrl: exchangeUrl,
      tenantId: settings.tenantId,
      tokens: exchangeTokens,
      concurrency: settings.exchangeConcurrency,
      clientVersion: version,
      ...observed,
    }),
    directory: createGraphDirectory({
      baseUrl: graphUrl,
      tokens: graphTokens,
      concurrency: graphConcurrency,
      ...observed,
    }),
    ...openZivver(settings),
    fetchRights: async () => {
      const tokens = [exchangeTokens.getToken(), graphTokens.getToken()] as const
      const [exchange, graph] = await Promise.all(tokens)
      return { exchange: readTokenRights(exchange), graph: readTokenRights(graph) }
    },
  }
}

function openZivver(
  settings: Settings,
): Pick<Upstreams, 'target' | 'openWriter' | 'zivverCallTimeoutMs' | 'zivverPace'> {
  const { zivverApiUrl: baseUrl, zivverApiKey: apiKey, zivverRateLimit: limit } = settings
  // A call must end while the lease is still held, with time to renew it (contract, section 9).
  const timeoutMs = Math.min(callTimeoutMs, (settings.leaseSeconds * 1000) / 2)
  const limiter = limiterFor({ baseUrl, apiKey, limit, clock })
  const zivver = createZivver({ baseUrl, apiKey, limiter, timeoutMs, ...observed })
  return {
    target: zivver.target,
    openWriter: () => zivver.openWriter(),
    zivverCallTimeoutMs: timeoutMs,
    zivverPace: limiter,
  }
}

function openReportSender(email: EmailSettings | null): ReportSender {
  const { sender, recipients } = email ?? { sender: '', recipients: [] }
  return createReportSender({ sender, recipients, clock, observer: calls, ...transportOf(email) })
}

function transportOf(email: EmailSettings | null) {
  if (email === null) return {}
  const { transport } = email
  if (transport.kind === 'connectionString') return { connectionString: transport.connectionString }
  return { endpoint: transport.endpoint, credential: new ManagedIdentityCredential() }
}

function mailAccess({ transport }: EmailSettings): ReachMailOptions['access'] {
  if (transport.kind === 'connectionString') return { connectionString: transport.connectionString }
  const tokens = managedIdentityTokens({ audience: mailAudience, clock, observer: calls })
  return { endpoint: transport.endpoint, tokens }
}
