/** A Function App of release 1.0.0 that looks at a simulated release page, with the real adapters over HTTP. */
import { createUpdateFeed } from '../../core/adapters/update/http-update-feed.ts'
import { createOneDeployPublisher } from '../../core/adapters/update/one-deploy-publisher.ts'
import type { LogLevel } from '../../core/ports.ts'
import { selfUpdate } from '../../core/update/self-update.ts'
import type {
  Installation,
  PackageStore,
  UpdateAttempt,
  UpdateLog,
  UpdateServices,
} from '../../core/update/services.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { type ReleaseSimulator, startReleases } from '../simulators/releases/server.ts'

export const installed = '1.0.0+fcc0de3'
const token = 'token-of-the-identity'

/** Keeps its two rows in memory. */
class MemoryUpdateLog implements UpdateLog {
  attempt: UpdateAttempt | null = null
  installation: Installation | null = null

  lastAttempt = async () => this.attempt
  lastInstallation = async () => this.installation
  async recordAttempt(attempt: UpdateAttempt) {
    this.attempt = attempt
  }
  async recordInstallation(installation: Installation | null) {
    this.installation = installation
  }
}

export interface World {
  readonly releases: ReleaseSimulator
  readonly log: MemoryUpdateLog
  readonly clock: FakeClock
  /** Lines that were logged, `LEVEL message`. */
  readonly lines: string[]
  /** Versions whose package was kept. */
  readonly kept: string[]
  activeRun: string | null
  tick(changed?: Partial<UpdateServices>): Promise<UpdateAttempt>
}

export async function startWorld(): Promise<World> {
  const releases = await startReleases({ token })
  const log = new MemoryUpdateLog()
  const clock = new FakeClock('2026-11-23T03:20:00.000Z', { isAutomatic: true })
  const lines: string[] = []
  const kept: string[] = []
  const packages: PackageStore = {
    keepInstalled: async (version) => {
      kept.push(version)
      return `kept as ${version}.zip`
    },
  }
  const world: World = {
    releases,
    log,
    clock,
    lines,
    kept,
    activeRun: null,
    tick: (changed = {}) =>
      selfUpdate({
        feed: createUpdateFeed(releases.feedUrl),
        packages,
        publisher: createOneDeployPublisher({
          hostName: new URL(releases.url).host,
          tokens: { getToken: async () => token, invalidate: () => undefined },
          clock,
        }),
        log,
        runs: { slots: async () => ({ active: world.activeRun, waiting: null }) },
        clock,
        logger: {
          log: (level: LogLevel, message: string) => void lines.push(`${level} ${message}`),
        },
        installed,
        publicKey: releases.keys.publicKey,
        ...changed,
      }),
  }
  return world
}

/** A package of any size that is no zip: what is inside is for the platform to say. */
export function packageOf(version: string): Uint8Array {
  return Buffer.from(`the code of ${version}`.repeat(1000))
}
