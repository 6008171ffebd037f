import type { ReleaseManifest } from './manifest.ts'
import { UpdateRefusal } from './refusal.ts'
import type { Installation } from './services.ts'
import { compareVersions, isVersion } from './version.ts'

export interface UpdateFacts {
  /** The version that runs. */
  readonly installed: string
  readonly manifest: ReleaseManifest
  /** What was published last. */
  readonly last: Installation | null
  readonly isRunActive: boolean
  readonly now: Date
}

export type UpdateDecision =
  | { readonly action: 'none' }
  | { readonly action: 'postpone'; readonly reason: string }
  | { readonly action: 'install' }

/** A version that was published and does not run is tried again after this. */
const retryAfterMs = 24 * 3_600_000

/**
 * Whether the offered version is to be installed now.
 * @throws UpdateRefusal `version_older`, `taken_back`, `manifest_invalid`
 */
export function decideUpdate(facts: UpdateFacts): UpdateDecision {
  const { installed, manifest, last, isRunActive, now } = facts
  if (!isVersion(installed)) {
    const text = `The version that runs (${installed}) is no release: it cannot be compared with ${manifest.version}.`
    throw new UpdateRefusal('manifest_invalid', text)
  }
  const order = compareVersions(manifest.version, installed)
  if (order === 0) return { action: 'none' }
  if (order < 0) {
    const text = `The update feed offers ${manifest.version}, which is older than ${installed}; a downgrade is never made.`
    throw new UpdateRefusal('version_older', text)
  }
  if (last?.to === manifest.version) {
    if (last.confirmedAt !== null) throw takenBack(last)
    if (now.getTime() - Date.parse(last.publishedAt) < retryAfterMs) {
      const reason = `${last.to} was published at ${last.publishedAt} and does not run yet`
      return { action: 'postpone', reason }
    }
  }
  return isRunActive ? { action: 'postpone', reason: 'a run is active' } : { action: 'install' }
}

// Somebody went back by hand, for a reason: the same version must not come again by itself.
function takenBack({ to }: Installation): UpdateRefusal {
  return new UpdateRefusal(
    'taken_back',
    `${to} was installed before and then taken back by hand; the next newer release is installed again.`,
  )
}
