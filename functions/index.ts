/**
 * The app: every function, its trigger and its handler. Nothing here may throw while it is loaded, or Azure finds no
 * function at all: settings are read when an invocation begins.
 */
import { app } from '@azure/functions'
import { type OperationName, operations } from '../core/api/operations.ts'
import { scheduleOrDefault } from '../core/config.ts'
import { resumeRuns } from '../core/run/resume-runs.ts'
import { listAccounts } from './accounts.ts'
import { listChanges } from './changes.ts'
import { inInvocation, openProbe, openUpdater, runQueueName } from './composition.ts'
import { getDashboard } from './dashboard.ts'
import { executeMessage } from './execute-run.ts'
import { getHealth } from './health.ts'
import { getOpenApi } from './openapi.ts'
import { failMessage } from './poisoned-run.ts'
import { getReport } from './report.ts'
import { cancelRun, getRun, listRuns, startRun } from './runs.ts'
import { requestScheduledRun } from './scheduled-sync.ts'
import { lookForUpdate } from './self-update.ts'
import { verifyTenant } from './verify.ts'
import { type Handler, withErrors } from './with-errors.ts'

app.timer('scheduledSync', {
  schedule: scheduleOrDefault(process.env),
  handler: (_timer, context) => inInvocation(context, requestScheduledRun),
})

// `runOnStartup`: a host that was killed in the middle of a run goes on with it at once after its start, not at the
// next full minute. Microsoft advises against it in production, because on Azure it also fires whenever the app wakes
// up or gains an instance. Here that is harmless: the function writes nothing but queue messages, and a message for
// a run with a live lease is dropped.
app.timer('resumeRuns', {
  schedule: '0 * * * * *',
  runOnStartup: true,
  handler: (_timer, context) =>
    inInvocation(context, (invocation) => resumeRuns(invocation.execution())),
})

// Off unless CLOUD_SYNC__UPDATE_FEED is set. Each hour: a release that has to wait for a run does not wait for a day.
app.timer('selfUpdate', {
  schedule: '0 20 * * * *',
  handler: (_timer, context) =>
    inInvocation(context, (invocation) => lookForUpdate(invocation, openUpdater)),
})

app.storageQueue('executeRun', {
  queueName: runQueueName,
  connection: 'AzureWebJobsStorage',
  handler: (item, context) =>
    inInvocation(context, (invocation) => executeMessage(item, invocation)),
})

app.storageQueue('poisonedRun', {
  queueName: `${runQueueName}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: (item, context) => inInvocation(context, (invocation) => failMessage(item, invocation)),
})

const handlers: Readonly<Record<OperationName, Handler>> = {
  startRun,
  listRuns,
  getRun,
  listChanges,
  getReport,
  cancelRun,
  listAccounts,
  getHealth,
  verifyTenant: (request, invocation) => verifyTenant(request, invocation, openProbe),
  getOpenApi,
  getDashboard,
}

for (const name of Object.keys(handlers) as OperationName[]) {
  const { method, route, needsKey } = operations[name]
  const handler = withErrors(handlers[name])
  app.http(name, {
    methods: [method],
    route,
    // The library's own default is `anonymous`: always say it.
    authLevel: needsKey ? 'function' : 'anonymous',
    handler: (request, context) =>
      inInvocation(context, (invocation) => handler(request, invocation)),
  })
}
