import type { BasicSettings, Settings } from '../core/config.ts'
import type { HealthServices } from '../core/health/checks.ts'
import type { Logger } from '../core/ports.ts'
import type {
  Execution,
  ExecutionServices,
  ReportServices,
  RunServices,
} from '../core/run/services.ts'
import type { App } from './app.ts'
import { createInvocationLogger, type InvocationLogger } from './invocation-logger.ts'

/** What one invocation works with: the app, and services that log to the invocation's own log. */
export interface Invocation
  extends Pick<App, 'settings' | 'version' | 'clock' | 'mask' | 'newRunId'> {
  readonly logger: InvocationLogger
  /** The settings that hold even when others are faulty. */
  readonly basics: BasicSettings
  /** @throws as `App.storage` */
  storage(): RunServices
  /** @throws as `App.storage` */
  execution(): Execution
  health(): HealthServices
}

/** Opens an invocation. Never throws: what is wrong shows when a part is asked for. */
export function createInvocation(
  app: App,
  context: Parameters<typeof createInvocationLogger>[0],
): Invocation {
  const { settings, version, clock, mask } = app
  const basics = settings.ok ? settings.settings : settings.partial
  const logger = createInvocationLogger(context, { level: basics.logLevel, mask, clock })
  const storage = (): RunServices => ({ ...app.storage(), clock, logger, version })
  return {
    settings,
    version,
    clock,
    mask,
    newRunId: (now) => app.newRunId(now),
    logger,
    basics,
    storage,
    execution: () => {
      const { leaseSeconds, sliceSeconds } = basics
      const report = reportServices(app, basics, logger)
      const base = { report, owner: app.owner, leaseSeconds, sliceSeconds }
      return settings.ok
        ? {
            ...base,
            ok: true,
            services: executionServices(app, settings.settings, storage(), logger),
          }
        : { ...base, ok: false, services: storage(), faults: settings.faults }
    },
    health: () => healthServices(app),
  }
}

function reportServices(app: App, basics: BasicSettings, logger: InvocationLogger): ReportServices {
  const { language, timeZone, schedule, performSync, environment, retentionDays } = basics
  return {
    reportSender: app.reportSender,
    language,
    timeZone,
    schedule,
    performSync,
    environment,
    retentionDays,
    debugLog: () => logger.debugLog(),
  }
}

function executionServices(
  app: App,
  settings: Settings,
  services: RunServices,
  logger: Logger,
): ExecutionServices {
  const upstreams = app.upstreams(settings)
  const { source, directory, target, usage, zivverCallTimeoutMs } = upstreams
  return {
    ...services,
    settings,
    source,
    directory,
    target,
    openWriter: () => upstreams.openWriter(),
    usage,
    zivverCallTimeoutMs,
    readings: app.storage().readings,
    onWait: (listener) => upstreams.listen(listener && { logger, onWait: listener }),
  }
}

function healthServices(app: App): HealthServices {
  const { settings, version, clock, reachMail } = app
  return {
    settings,
    version,
    clock,
    reachMail,
    storage: () => app.storage(),
    upstreams: settings.ok
      ? { ...app.upstreams(settings.settings), sourceFilter: settings.settings.sourceFilter }
      : null,
  }
}
