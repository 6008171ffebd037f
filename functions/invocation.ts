import type { BasicSettings, Settings } from '../core/config.ts'
import type { HealthServices } from '../core/health/checks.ts'
import type { Logger } from '../core/ports.ts'
import type {
  Execution,
  ExecutionServices,
  ReportServices,
  RunServices,
} from '../core/run/services.ts'
import { RunWatch } from '../core/telemetry/run-watch.ts'
import type { App } from './app.ts'
import { InvocationCalls } from './invocation-calls.ts'
import { createInvocationLogger, type InvocationLogger, withFields } from './invocation-logger.ts'
import { RunLog } from './run-log.ts'

/** What one invocation works with: the app, and services that log to the invocation's own log. */
export interface Invocation
  extends Pick<App, 'settings' | 'version' | 'clock' | 'mask' | 'newRunId'> {
  readonly logger: InvocationLogger
  /** The settings that hold even when others are faulty. */
  readonly basics: BasicSettings
  /** @throws as `App.storage` */
  storage(): RunServices
  /**
   * @param runId the run that is worked on: named in every line of the log
   * @throws as `App.storage`
   */
  execution(runId?: string): Execution
  health(): HealthServices
  /** Hears of the calls that the invocation makes. */
  readonly calls: InvocationCalls
  /** Keeps the log of a slice at DEBUG for the report of the run, or forgets it once that has been made. Never throws. */
  settleLog(runId: string): Promise<void>
  /** Sends the telemetry of what was done. Never throws. */
  end(): Promise<void>
}

type Context = Parameters<typeof createInvocationLogger>[0]

/** Does the work of one invocation, and sends its telemetry when it is over. */
export async function runInvocation<T>(
  app: App,
  invocation: Invocation,
  work: (invocation: Invocation) => T | Promise<T>,
): Promise<T> {
  try {
    return await app.followCalls(invocation.calls, () => work(invocation))
  } finally {
    await invocation.end()
  }
}

/** Opens an invocation. Never throws: what is wrong shows when a part is asked for. */
export function createInvocation(app: App, context: Context): Invocation {
  const { settings, version, clock, mask, telemetry } = app
  const basics = settings.ok ? settings.settings : settings.partial
  const logger = createInvocationLogger(context, { level: basics.logLevel, mask, clock })
  const watch = new RunWatch(clock, telemetry, basics.performSync)
  const calls = new InvocationCalls(logger, watch)
  const runLog = new RunLog(logger, () => app.storage().logs)
  return {
    settings,
    version,
    clock,
    mask,
    newRunId: (now) => app.newRunId(now),
    logger,
    basics,
    calls,
    storage: () => runServices(app, logger),
    execution: (runId) => executionOf(app, basics, { logger, runLog, calls, watch }, runId),
    health: () => healthServices(app),
    settleLog: (runId) => runLog.settle(runId, watch),
    end: async () => {
      watch.end()
      const failure = await telemetry.flush()
      if (failure !== null)
        logger.log('WARNING', 'telemetry could not be sent', { reason: failure })
    },
  }
}

function runServices(app: App, logger: Logger): RunServices {
  const { clock, version } = app
  return { ...app.storage(), clock, logger, version }
}

function executionOf(
  app: App,
  basics: BasicSettings,
  parts: {
    readonly logger: Logger
    readonly runLog: RunLog
    readonly calls: InvocationCalls
    readonly watch: RunWatch
  },
  runId: string | undefined,
): Execution {
  const { settings, owner, keptChanges } = app
  const { leaseSeconds, sliceSeconds } = basics
  const { calls, watch } = parts
  const logger = runId === undefined ? parts.logger : withFields(parts.logger, { runId })
  calls.logger = logger
  const services = runServices(app, logger)
  const watched = { ...services, runs: watch.watch(services.runs) }
  const report = reportServices(app, basics, parts.runLog)
  const base = { report, owner, leaseSeconds, sliceSeconds, keptChanges }
  return settings.ok
    ? { ...base, ok: true, services: executionServices(app, settings.settings, watched, calls) }
    : { ...base, ok: false, services: watched, faults: settings.faults }
}

function reportServices(app: App, basics: BasicSettings, runLog: RunLog): ReportServices {
  const { language, timeZone, schedule, performSync, environment, retentionDays } = basics
  return {
    reportSender: app.reportSender,
    language,
    timeZone,
    schedule,
    performSync,
    environment,
    retentionDays,
    debugLog: (runId) => runLog.read(runId),
    lastUpdate: app.lastUpdate,
    dashboardUrl: app.dashboardUrl,
  }
}

function executionServices(
  app: App,
  settings: Settings,
  services: RunServices,
  calls: InvocationCalls,
): ExecutionServices {
  const upstreams = app.upstreams(settings)
  const { source, directory, target, zivverCallTimeoutMs, zivverPace } = upstreams
  return {
    ...services,
    settings,
    source,
    directory,
    target,
    openWriter: () => upstreams.openWriter(),
    usage: () => calls.usage(),
    zivverCallTimeoutMs,
    zivverPace,
    onWait: (listener) => {
      calls.waitListener = listener
    },
  }
}

function healthServices(app: App): HealthServices {
  const { settings, version, clock, reachMail, lastUpdate } = app
  return {
    settings,
    version,
    clock,
    reachMail,
    lastUpdate,
    storage: () => app.storage(),
    upstreams: settings.ok
      ? {
          ...app.upstreams(settings.settings),
          tenantId: settings.settings.tenantId,
          sourceFilter: settings.settings.sourceFilter,
        }
      : null,
  }
}
