/** What updating itself works with. */
import type { Clock, Logger, RunStore } from '../ports.ts'
import type { UpdateProblem } from './refusal.ts'

/** Where releases come from. */
export interface UpdateFeed {
  /** The signed manifest as text. @throws UpdateRefusal `feed_unreachable` */
  fetchEnvelope(): Promise<string>
  /**
   * A package; reading stops one byte after `size`.
   * @param address as in the manifest @throws UpdateRefusal `feed_unreachable`
   */
  fetchPackage(address: string, size: number): Promise<Uint8Array>
}

/** Where packages are kept, to go back to. */
export interface PackageStore {
  /**
   * Keeps a copy of the package that runs now.
   * @returns where, in words for an administrator; `null` = it could not be found
   */
  keepInstalled(version: string): Promise<string | null>
}

/** Puts code into the own Function App. */
export interface PackagePublisher {
  /** Resolves when the platform says that the code is there. @throws UpdateRefusal `publish_failed` */
  publish(bytes: Uint8Array): Promise<void>
}

/** The last look at the feed. */
export interface UpdateAttempt {
  /** ISO 8601 UTC. */
  readonly at: string
  readonly outcome: 'current' | 'postponed' | 'published' | UpdateProblem
  /** The version that the feed offers; `null` = it is not known. */
  readonly offered: string | null
  readonly message: string
}

/** Why no release was installed although one was looked for; `null` = all is well. */
export function refusalOf({ outcome }: Pick<UpdateAttempt, 'outcome'>): UpdateProblem | null {
  return outcome === 'current' || outcome === 'postponed' || outcome === 'published'
    ? null
    : outcome
}

/** The last version that was published, whether it runs or not. */
export interface Installation {
  readonly from: string
  readonly to: string
  readonly publishedAt: string
  /** When the new version was first seen running; `null` = not yet. */
  readonly confirmedAt: string | null
  /** Where the package of `from` is kept. */
  readonly previousPackage: string
}

/** `CloudSyncUpdates`: what report and health tell of updates. */
export interface UpdateLog {
  lastAttempt(): Promise<UpdateAttempt | null>
  lastInstallation(): Promise<Installation | null>
  recordAttempt(attempt: UpdateAttempt): Promise<void>
  /** `null` = there was none. */
  recordInstallation(installation: Installation | null): Promise<void>
}

export interface UpdateServices {
  readonly feed: UpdateFeed
  readonly packages: PackageStore
  readonly publisher: PackagePublisher
  readonly log: UpdateLog
  readonly runs: Pick<RunStore, 'slots'>
  readonly clock: Clock
  readonly logger: Logger
  /** The version that runs. */
  readonly installed: string
  /** `UPDATE_PUBLIC_KEY`. */
  readonly publicKey: string
}
