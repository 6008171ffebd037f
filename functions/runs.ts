import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import * as z from 'zod'
import { parseFlags } from '../core/api/flags.ts'
import { runListSchema, startedRunSchema } from '../core/api/operations.ts'
import { encodeContinuation } from '../core/api/paging.ts'
import { runIdSchema, runSchema, runToJson } from '../core/api/run.ts'
import type { RunRecord } from '../core/model/run.ts'
import { cancelRun as requestCancel } from '../core/run/cancel-run.ts'
import { requestRun } from '../core/run/request-run.ts'
import { inputProblem, jsonAnswer, problemAnswer, unknownRunProblem } from './answers.ts'
import type { Invocation } from './invocation.ts'
import { readJsonBody } from './json-body.ts'
import { continuationParameter, limitParameter, parseQuery } from './page-query.ts'

/** `POST /api/runs`: requests a run and answers at once; a queue message executes it. */
export async function startRun(
  request: HttpRequest,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const json = await readJsonBody(request)
  if (!json.ok) return json.answer
  const parsed = parseFlags(json.body, request.query)
  if (!parsed.ok) return inputProblem([...parsed.errors])
  const { flags } = parsed
  const mode = flags.perform_sync === true ? 'sync' : 'preview'
  const wish = { trigger: 'manual', mode, flags, requestedBy: 'api' } as const
  const answer = await requestRun(invocation.storage(), wish, invocation.newRunId)
  if (answer.status === 'invalid') return inputProblem([...answer.errors])
  if (answer.status === 'conflict') {
    const detail = `Run ${answer.activeRun} is queued or running; one run goes at a time.`
    return problemAnswer(409, detail, { active_run: answer.activeRun })
  }
  return acceptedAnswer(answer.run, request)
}

/** `GET /api/runs`: the history, newest first. */
export async function listRuns(
  request: HttpRequest,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const scope = 'runs'
  const parsed = parseQuery(
    request,
    z.object({ limit: limitParameter, continuation: continuationParameter(scope) }),
  )
  if (!parsed.ok) return inputProblem([...parsed.errors])
  const page = await invocation.storage().runs.list(parsed.query.limit, parsed.query.continuation)
  return jsonAnswer(runListSchema, {
    runs: page.runs.map(runToJson),
    ...(page.continuation !== undefined && {
      continuation: encodeContinuation(scope, page.continuation),
    }),
  })
}

/** `GET /api/runs/{id}`. */
export async function getRun(
  request: HttpRequest,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const run = await findRun(request, invocation)
  return run === null ? unknownRunProblem() : jsonAnswer(runSchema, runToJson(run))
}

/** `POST /api/runs/{id}/cancel`. */
export async function cancelRun(
  request: HttpRequest,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const run = await findRun(request, invocation)
  if (run === null) return unknownRunProblem()
  const execution = invocation.execution()
  const outcome = await requestCancel(execution, run.id)
  if (outcome === 'unknown') return unknownRunProblem()
  if (outcome === 'finished') return problemAnswer(409, `Run ${run.id} is finished.`)
  const now = (await execution.services.runs.get(run.id)) ?? run
  return acceptedAnswer(now, request)
}

/** The run that a request's path names; `null` when there is none. */
export async function findRun(
  request: HttpRequest,
  invocation: Invocation,
): Promise<RunRecord | null> {
  const id = runIdSchema.safeParse(request.params['id'])
  return id.success ? invocation.storage().runs.get(id.data) : null
}

const retryAfterSeconds = 5

function acceptedAnswer(run: RunRecord, request: HttpRequest): HttpResponseInit {
  const statusUrl = statusUrlOf(run.id, request)
  return jsonAnswer(
    startedRunSchema,
    { id: run.id, status: run.status, status_url: statusUrl },
    { status: 202, headers: { location: statusUrl, 'retry-after': String(retryAfterSeconds) } },
  )
}

/** The run's address beside the one that was called; its query is left out, because it may hold a key. */
function statusUrlOf(runId: string, request: HttpRequest): string {
  const { origin, pathname } = new URL(request.url)
  return origin + pathname.replace(/\/runs(?:\/.*)?$/, `/runs/${runId}`)
}
