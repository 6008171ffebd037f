import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import type { JournalChange } from '../core/model/change.ts'
import { renderReportPage, reportPagePolicy } from '../core/report/report-page.ts'
import { textAnswer, unknownRunProblem } from './answers.ts'
import type { Invocation } from './invocation.ts'
import { findRun } from './runs.ts'

// The page says the same policy itself, for when it is stored; only here can it say who may frame it.
const contentSecurityPolicy = `${reportPagePolicy}; frame-ancestors 'none'`

/** Runs that the report draws its history from. */
const historyLength = 60

/** `GET /api/runs/{id}/report`: made from the history whenever it is asked for. */
export async function getReport(
  request: HttpRequest,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const run = await findRun(request, invocation)
  if (run === null) return unknownRunProblem()
  const { services, report } = invocation.execution()
  const changes: JournalChange[] = []
  for await (const page of services.journal.eachChange(run.id)) changes.push(...page)
  const { runs } = await services.runs.list(historyLength)
  const { origin, pathname } = new URL(request.url)
  const page = renderReportPage({
    run,
    changes,
    history: runs.filter((other) => other.requested_at < run.requested_at),
    language: report.language,
    timeZone: report.timeZone,
    schedule: report.schedule,
    performSync: report.performSync,
    environment: report.environment,
    debugLog: null,
    now: invocation.clock.now(),
    dashboardUrl: origin + pathname.replace(/\/runs\/.*$/, '/dashboard'),
  })
  return textAnswer('text/html; charset=utf-8', page, {
    headers: { 'content-security-policy': contentSecurityPolicy },
  })
}
