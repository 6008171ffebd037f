import { selfUpdate } from '../core/update/self-update.ts'
import type { UpdateServices } from '../core/update/services.ts'
import type { Invocation } from './invocation.ts'

/** What reaches the feed, the packages and the deployment host. */
export type Updater = Pick<UpdateServices, 'feed' | 'packages' | 'publisher' | 'log'>

/**
 * One look at the update feed; nothing at all without `UPDATE_FEED`, or while a setting is invalid.
 * @throws SyncError when what happened cannot be stored
 */
export async function lookForUpdate(
  invocation: Invocation,
  openUpdater: (feedUrl: string) => Updater,
): Promise<void> {
  const { settings, version: installed, clock, logger } = invocation
  if (!settings.ok) return
  const { updateFeed, updatePublicKey: publicKey } = settings.settings
  if (updateFeed === null || publicKey === null) return
  const { runs } = invocation.storage()
  await selfUpdate({
    ...openUpdater(updateFeed),
    runs,
    clock,
    logger,
    installed,
    publicKey,
  })
}
