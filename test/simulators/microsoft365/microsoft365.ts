import { type Answer, type Call, jsonAnswer, type Tags } from '../shared/call.ts'
import type { ControlActions } from '../shared/control.ts'
import { FaultInjector } from '../shared/fault-injector.ts'
import { Latency } from '../shared/latency.ts'
import { createRandom } from '../shared/random.ts'
import { type SimulatorServer, startServer } from '../shared/server.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { controlActions } from './actions.ts'
import type { CmdletLoad } from './exchange/cmdlet-gate.ts'
import { Exchange } from './exchange/exchange.ts'
import { Graph } from './graph/graph.ts'
import { answerIdentity } from './identity-endpoint.ts'
import { createSettings, type Settings, type SettingsPatch } from './settings.ts'
import { audiences, TokenAuthority } from './token-authority.ts'

export interface Microsoft365Options {
  readonly tenant: Tenant
  readonly port?: number
  /** Seed of everything that is random: tokens, cookies, shuffled answers, fault probabilities. */
  readonly seed?: number
  readonly settings?: SettingsPatch
  /** The managed identity's secret. */
  readonly identityHeader?: string
  /** `false` saves memory in large benchmarks. */
  readonly logBodies?: boolean
  /** Further actions of `POST /__control/state`. */
  readonly actions?: ControlActions
}

/** A running simulated tenant: managed identity, Exchange admin API and Graph on one server. */
export interface Microsoft365 extends SimulatorServer {
  readonly tenant: Tenant
  /** Changed in place, or with `POST /__control/state {"action":"settings","patch":{…}}`. */
  readonly settings: Settings
  readonly tokens: TokenAuthority
  /** How long cmdlets run, items of a batch included; matched by the tags `cmdlet` and `identity`. */
  readonly cmdletLatency: Latency
  readonly cmdletLoad: CmdletLoad
  /** Value for `CLOUD_SYNC__EXCHANGE_URL`. */
  readonly exchangeUrl: string
  /** Value for `CLOUD_SYNC__GRAPH_URL`. */
  readonly graphUrl: string
  /** The environment that leads the app here. */
  readonly environment: Readonly<Record<string, string>>
  /** A token without a call to the identity endpoint, for plain requests of a test. */
  token(service: keyof typeof audiences): string
}

const paths = { identity: '/msi/token', exchange: '/exo', graph: '/graph' } as const

/** Starts a simulated Microsoft 365 tenant on loopback. */
export async function startMicrosoft365(options: Microsoft365Options): Promise<Microsoft365> {
  const { tenant, seed = 1 } = options
  const identityHeader = options.identityHeader ?? '5b0c1d3e-0000-4000-8000-0000000000aa'
  const parts = createParts(tenant, seed, options.settings)
  const services = createServices(parts, identityHeader, seed)
  const { settings, tokens, cmdletLatency } = parts
  const { gate } = services.exchange
  const server = await startServer({
    seed,
    faults: parts.faults,
    handle: (call) => serviceOf(call, services)?.handle(call) ?? notHere(call),
    describe: (call) => serviceOf(call, services)?.describe(call) ?? {},
    actions: { ...controlActions({ ...parts, gate }), ...options.actions },
    snapshot: () => describeState(tenant, settings, gate.load),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.logBodies === undefined ? {} : { logBodies: options.logBodies }),
  })
  const exchangeUrl = server.url + paths.exchange
  const graphUrl = server.url + paths.graph
  return {
    ...server,
    resetLoad: () => {
      server.resetLoad()
      gate.resetLoad()
    },
    tenant,
    settings,
    tokens,
    cmdletLatency,
    get cmdletLoad() {
      return gate.load
    },
    exchangeUrl,
    graphUrl,
    environment: {
      IDENTITY_ENDPOINT: server.url + paths.identity,
      IDENTITY_HEADER: identityHeader,
      CLOUD_SYNC__TENANT_ID: tenant.id,
      CLOUD_SYNC__EXCHANGE_URL: exchangeUrl,
      CLOUD_SYNC__GRAPH_URL: graphUrl,
    },
    token: (service) => tokens.issue(audiences[service]).token,
  }
}

function createParts(tenant: Tenant, seed: number, patch: SettingsPatch | undefined) {
  const settings = createSettings(patch)
  return {
    tenant,
    settings,
    tokens: new TokenAuthority(tenant, settings, createRandom(seed).fork('tokens')),
    faults: new FaultInjector(seed),
    cmdletLatency: new Latency(seed),
  }
}

interface Service {
  handle(call: Call): Promise<Answer> | Answer
  describe(call: Call): Tags
}

function createServices(parts: ReturnType<typeof createParts>, header: string, seed: number) {
  const random = createRandom(seed)
  const part = (label: string) => ({ ...parts, random: random.fork(label) })
  const identity: Service = {
    handle: (call) => answerIdentity(call, { ...part('identity'), header }),
    describe: (call) => ({ service: 'identity', resource: call.query.get('resource') ?? '' }),
  }
  return {
    identity,
    exchange: new Exchange({ ...part('exchange'), prefix: paths.exchange }),
    graph: new Graph({ ...part('graph'), prefix: paths.graph }),
  }
}

function serviceOf(
  { path }: Call,
  { identity, exchange, graph }: ReturnType<typeof createServices>,
): Service | null {
  if (path === paths.identity) return identity
  if (path.startsWith(`${paths.graph}/`)) return graph
  return path.startsWith(paths.exchange) ? exchange : null
}

const notHere = ({ path }: Call): Answer =>
  jsonAnswer(404, { error: { code: 'NotFound', message: `nothing is simulated at ${path}` } })

function describeState(tenant: Tenant, settings: Settings, cmdlets: CmdletLoad) {
  return {
    tenantId: tenant.id,
    mailboxes: tenant.mailboxes.size,
    groups: tenant.groups.size,
    settings,
    cmdlets,
  }
}
