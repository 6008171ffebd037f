import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import type { JournalChange } from '../core/model/change.ts'
import { isSuccess, type RunRecord } from '../core/model/run.ts'
import { renderReportPage, reportPagePolicy } from '../core/report/report-page.ts'
import { readHistory } from '../core/run/read-history.ts'
import { textAnswer, unknownRunProblem } from './answers.ts'
import type { Invocation } from './invocation.ts'
import { findRun } from './runs.ts'

// The page says the same policy itself, for when it is stored; only here can it say who may frame it.
const contentSecurityPolicy = `${reportPagePolicy}; frame-ancestors 'none'`

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
  const isEarlier = (other: RunRecord) => other.requested_at < run.requested_at
  const runs = await readHistory(
    services.runs,
    (other) => isEarlier(other) && isSuccess(other, report.performSync),
  )
  const { origin, pathname } = new URL(request.url)
  const page = renderReportPage({
    run,
    changes,
    history: runs.filter(isEarlier),
    language: report.language,
    timeZone: report.timeZone,
    schedule: report.schedule,
    performSync: report.performSync,
    environment: report.environment,
    debugLog: null,
    // What the mail said: a report is no newer than its run.
    now: run.finished_at === null ? invocation.clock.now() : new Date(run.finished_at),
    dashboardUrl: origin + pathname.replace(/\/runs\/.*$/, '/dashboard'),
  })
  return textAnswer('text/html; charset=utf-8', page, {
    headers: { 'content-security-policy': contentSecurityPolicy },
  })
}
