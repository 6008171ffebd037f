import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import * as z from 'zod'
import {
  actionSchema,
  type ChangeFilter,
  changeStatusSchema,
  changeToJson,
  matchesFilter,
} from '../core/api/change.ts'
import { changesToCsv, csvHeader } from '../core/api/csv.ts'
import { changeListSchema } from '../core/api/operations.ts'
import { encodeContinuation } from '../core/api/paging.ts'
import type { JournalStore } from '../core/ports.ts'
import { inputProblem, jsonAnswer, textAnswer, unknownRunProblem } from './answers.ts'
import type { Invocation } from './invocation.ts'
import { continuationParameter, limitParameter, parseQuery } from './page-query.ts'
import { findRun } from './runs.ts'

/** `GET /api/runs/{id}/changes`: a page as JSON, or all as CSV. */
export async function listChanges(
  request: HttpRequest,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const { action, status } = Object.fromEntries(request.query)
  const scope = `changes ${request.params['id']} ${action ?? ''} ${status ?? ''}`
  const parsed = parseQuery(
    request,
    z.object({
      action: actionSchema.optional(),
      status: changeStatusSchema.optional(),
      format: z.enum(['json', 'csv']).default('json'),
      limit: limitParameter,
      continuation: continuationParameter(scope),
    }),
  )
  if (!parsed.ok) return inputProblem([...parsed.errors])
  const run = await findRun(request, invocation)
  if (run === null) return unknownRunProblem()
  const { journal } = invocation.storage()
  const { format, limit, continuation } = parsed.query
  const filter: ChangeFilter = {
    ...(parsed.query.action && { action: parsed.query.action }),
    ...(parsed.query.status && { status: parsed.query.status }),
  }
  if (format === 'csv') return csvAnswer(journal, run.id, filter)
  const page = await journal.listChanges(run.id, {
    ...filter,
    limit,
    ...(continuation !== undefined && { continuation }),
  })
  return jsonAnswer(changeListSchema, {
    changes: page.changes.map(changeToJson),
    ...(page.continuation !== undefined && {
      continuation: encodeContinuation(scope, page.continuation),
    }),
  })
}

async function csvAnswer(
  journal: JournalStore,
  runId: string,
  filter: ChangeFilter,
): Promise<HttpResponseInit> {
  const parts = [csvHeader()]
  for await (const changes of journal.eachChange(runId)) {
    parts.push(changesToCsv(changes.filter((change) => matchesFilter(change, filter))))
  }
  return textAnswer('text/csv; charset=utf-8; header=present', parts.join(''), {
    headers: { 'content-disposition': `attachment; filename="changes-${runId}.csv"` },
  })
}
