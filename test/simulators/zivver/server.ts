import type { CallMatch } from '../shared/call-match.ts'
import { type SimulatorServer, startServer } from '../shared/server.ts'
import type { AccountSeed } from './account.ts'
import { controlActions, controlSnapshot } from './control.ts'
import { type GivenOptions, withOptions } from './options.ts'
import { Organisation } from './organisation.ts'
import { ScimApi } from './scim-api.ts'
import type { Violation, Write } from './write-log.ts'

/** How a simulated Zivver begins. The other options may be changed later by `setOptions`. */
export interface ZivverSetup extends GivenOptions {
  readonly accounts?: readonly AccountSeed[]
  /** Milliseconds that every call takes. */
  readonly latencyMs?: number
  readonly port?: number
  /** Path of the SCIM API: `/api/scim/v2` unless told. */
  readonly basePath?: string
  /** Seed of the ids of new accounts, and of fault probabilities. */
  readonly seed?: number
  /** `false` keeps no request bodies in the request log; the write log always has them. */
  readonly logBodies?: boolean
}

/** A running simulated Zivver. */
export interface Zivver extends SimulatorServer {
  /** SCIM base URL, as `CLOUD_SYNC__ZIVVER_API_URL` takes it. */
  readonly url: string
  /** `http://127.0.0.1:PORT`; the control routes are at `/__control/…` below it. */
  readonly origin: string
  readonly state: Organisation
  /** Writes that were worked on, refused ones among them, in the order of their end. */
  writes(): readonly Write[]
  clearWrites(): void
  violations(): readonly Violation[]
  /** How many calls were answered with 429. */
  throttled(): number
  setOptions(options: GivenOptions): void
  /** The next `times` (1 unless told) writes that fit are answered as a success and change nothing. */
  ignoreWrites(match: CallMatch, times?: number): void
}

/** Starts a simulated Zivver on loopback. @throws ZodError for an option that does not exist */
export async function startZivver(setup: ZivverSetup = {}): Promise<Zivver> {
  const { accounts = [], latencyMs = 0, port = 0, seed = 1, logBodies = true, ...rest } = setup
  const { basePath = '/api/scim/v2', ...options } = rest
  const organisation = new Organisation(seed)
  organisation.seed(accounts)
  const api = new ScimApi(organisation, basePath, withOptions(options))
  const server = await startServer({
    port,
    seed,
    logBodies,
    describe: (call) => api.arrive(call),
    handle: (call) => api.handle(call),
    actions: controlActions(api),
    snapshot: () => controlSnapshot(api),
  })
  if (latencyMs > 0) server.latency.set(latencyMs)
  return {
    ...server,
    url: server.url + basePath,
    origin: server.url,
    state: organisation,
    writes: () => api.log.writes,
    clearWrites: () => api.log.clear(),
    violations: () => api.log.violations,
    throttled: () => api.limiter.refused,
    setOptions: (given) => api.setOptions(given),
    ignoreWrites: (match, times) => api.ignoreWrites(match, times),
  }
}
