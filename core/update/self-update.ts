import { messageOf } from '../errors.ts'
import { decideUpdate, type UpdateDecision } from './decide.ts'
import { openEnvelope } from './envelope.ts'
import { checkPackage, parseManifest, type ReleaseManifest } from './manifest.ts'
import { isUpdateRefusal, UpdateRefusal } from './refusal.ts'
import {
  type Installation,
  refusalOf,
  type UpdateAttempt,
  type UpdateServices,
} from './services.ts'

type Outcome = Omit<UpdateAttempt, 'at'>

/**
 * Looks at the feed and installs a newer release, never during a run. Whatever goes wrong is stored and logged, and
 * leaves the installed version running.
 * @throws SyncError `STORAGE_UNAVAILABLE` when not even that can be stored
 */
export async function selfUpdate(services: UpdateServices): Promise<UpdateAttempt> {
  await confirmInstallation(services)
  const outcome = await tryUpdate(services)
  const attempt = { at: services.clock.now().toISOString(), ...outcome }
  await services.log.recordAttempt(attempt)
  const { message, ...fields } = attempt
  const level = refusalOf(outcome) === null ? 'INFO' : 'ERROR'
  services.logger.log(level, `update: ${message}`, fields)
  return attempt
}

/** The first tick of a new version: it runs, so that it is installed. */
async function confirmInstallation({ log, clock, installed, logger }: UpdateServices) {
  const last = await log.lastInstallation()
  if (last === null || last.confirmedAt !== null || releaseOf(installed) !== last.to) return
  await log.recordInstallation({ ...last, confirmedAt: clock.now().toISOString() })
  logger.log('INFO', `updated from ${last.from} to ${last.to}; ${last.previousPackage}`)
}

async function tryUpdate(services: UpdateServices): Promise<Outcome> {
  let offered: string | null = null
  try {
    const envelope = await services.feed.fetchEnvelope()
    const manifest = parseManifest(openEnvelope(envelope, services.publicKey))
    offered = manifest.version
    const decision = await decide(services, manifest)
    if (decision.action === 'install') return await install(services, manifest)
    return notNow(services, manifest, decision)
  } catch (error) {
    const outcome = isUpdateRefusal(error) ? error.problem : 'publish_failed'
    return { outcome, offered, message: messageOf(error) }
  }
}

async function decide(services: UpdateServices, manifest: ReleaseManifest) {
  const { log, runs, clock, installed } = services
  const [last, slots] = await Promise.all([log.lastInstallation(), runs.slots()])
  const isRunActive = slots.active !== null
  return decideUpdate({ installed, manifest, last, isRunActive, now: clock.now() })
}

function notNow(
  { installed }: UpdateServices,
  { version }: ReleaseManifest,
  decision: Exclude<UpdateDecision, { action: 'install' }>,
): Outcome {
  if (decision.action === 'none') {
    return { outcome: 'current', offered: version, message: `${installed} is the newest release` }
  }
  const message = `${version} is not installed yet: ${decision.reason}`
  return { outcome: 'postponed', offered: version, message }
}

async function install(services: UpdateServices, manifest: ReleaseManifest): Promise<Outcome> {
  const { feed, packages } = services
  const bytes = await feed.fetchPackage(manifest.package, manifest.size)
  checkPackage(bytes, manifest)
  const from = releaseOf(services.installed)
  const previousPackage = await packages.keepInstalled(from)
  if (previousPackage === null) {
    const text = `The package of ${from} was not found in storage: without it there is no way back, so ${manifest.version} is not installed.`
    throw new UpdateRefusal('no_way_back', text)
  }
  // A run may have begun during the download.
  const decision = await decide(services, manifest)
  if (decision.action !== 'install') return notNow(services, manifest, decision)
  const to = manifest.version
  await publish(services, bytes, {
    from,
    to,
    publishedAt: services.clock.now().toISOString(),
    confirmedAt: null,
    previousPackage,
  })
  const message = `${to} is published in place of ${from}; ${previousPackage}`
  return { outcome: 'published', offered: to, message }
}

/** The record comes first: publishing restarts the app, this invocation with it. What was refused is no installation. */
async function publish(
  { publisher, log }: UpdateServices,
  bytes: Uint8Array,
  installation: Installation,
): Promise<void> {
  const last = await log.lastInstallation()
  await log.recordInstallation(installation)
  try {
    await publisher.publish(bytes)
  } catch (error) {
    await log.recordInstallation(last)
    throw error
  }
}

/** `0.1.0` of `0.1.0+fcc0de3`. */
function releaseOf(version: string): string {
  return version.split('+')[0] ?? version
}
