/**
 * Every operation of the HTTP API: the one table from which routes are registered, answers are checked and the
 * OpenAPI document is made (contract, section 3).
 */
import * as z from 'zod'
import { actions } from '../model/change.ts'
import { accountSchema } from './account.ts'
import { changeSchema, changeStatusSchema } from './change.ts'
import { healthSchema } from './health.ts'
import { defaultLimit, maximumLimit } from './paging.ts'
import { problemSchema } from './problem.ts'
import { runIdSchema, runSchema } from './run.ts'
import { evidenceSchema } from './verification.ts'

const continuation = z
  .string()
  .optional()
  .meta({ description: 'Leads to the next page; absent on the last one' })

export const startedRunSchema = z.object({
  id: runIdSchema,
  status: runSchema.shape.status,
  status_url: z.url(),
})
export const runListSchema = z.object({ runs: z.array(runSchema), continuation })
export const changeListSchema = z.object({ changes: z.array(changeSchema), continuation })
export const accountListSchema = z.object({ accounts: z.array(accountSchema), continuation })
export const documentSchema = z.looseObject({ openapi: z.string() })

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly description: string
  readonly schema: Readonly<Record<string, unknown>>
}

/** An answer: JSON by a schema, or text of a media type. */
export interface Answer {
  readonly description: string
  readonly schema?: z.ZodType
  readonly mediaTypes?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export interface Operation {
  readonly method: 'GET' | 'POST'
  /** Behind the route prefix, as Azure Functions writes it. */
  readonly route: string
  readonly summary: string
  /** Whether the caller needs a function key. */
  readonly needsKey: boolean
  readonly parameters: readonly Parameter[]
  readonly takesFlags: boolean
  readonly answers: Readonly<Record<number, Answer>>
}

const id: Parameter = {
  name: 'id',
  in: 'path',
  description: 'Id of a run',
  schema: { type: 'string' },
}

function query(
  name: string,
  description: string,
  schema: Parameter['schema'] = { type: 'string' },
): Parameter {
  return { name, in: 'query', description, schema }
}

const limit = query('limit', `How many items at most; more than ${maximumLimit} are never given`, {
  type: 'integer',
  minimum: 1,
  default: defaultLimit,
})
const continued = query('continuation', 'From the previous page')

function problem(description: string): Answer {
  return { description, schema: problemSchema, mediaTypes: ['application/problem+json'] }
}

function json(description: string, schema: z.ZodType, headers?: Answer['headers']): Answer {
  return { description, schema, mediaTypes: ['application/json'], ...(headers && { headers }) }
}

const badInput = problem('A parameter is wrong; `errors` names it')
const unknownRun = problem('No run has this id')

function get(
  route: string,
  summary: string,
  parameters: readonly Parameter[],
  answers: Operation['answers'],
): Operation {
  return { method: 'GET', route, summary, needsKey: true, parameters, takesFlags: false, answers }
}

export const operations = {
  startRun: {
    method: 'POST',
    route: 'runs',
    summary: 'Start a run. Flags as JSON body or as query; none = preview.',
    needsKey: true,
    parameters: [],
    takesFlags: true,
    answers: {
      202: json('The run is queued', startedRunSchema, {
        Location: 'Where its status is',
        'Retry-After': 'Seconds until it is worth looking',
      }),
      400: problem('A flag is unknown or wrong; `errors` names it'),
      409: problem('Another run is queued or running; `active_run` names it'),
      413: problem('The body is too large'),
    },
  },
  listRuns: get('runs', 'Runs, newest first.', [limit, continued], {
    200: json('A page of runs', runListSchema),
    400: badInput,
  }),
  getRun: get('runs/{id}', 'One run.', [id], {
    200: json('The run', runSchema),
    404: unknownRun,
  }),
  listChanges: get(
    'runs/{id}/changes',
    'The changes of a run, in order; all of them at once as CSV.',
    [
      id,
      query('action', 'Only changes with this action', { type: 'string', enum: actions }),
      query('status', 'Only changes with this status', {
        type: 'string',
        enum: changeStatusSchema.options,
      }),
      query('format', '`csv`: all changes as CSV (RFC 4180, UTF-8)', {
        type: 'string',
        enum: ['json', 'csv'],
        default: 'json',
      }),
      limit,
      continued,
    ],
    {
      200: {
        description: 'A page of changes, or all as CSV',
        schema: changeListSchema,
        mediaTypes: ['application/json', 'text/csv'],
      },
      400: badInput,
      404: unknownRun,
    },
  ),
  getReport: get('runs/{id}/report', 'The report of a run: one self-contained page.', [id], {
    200: { description: 'The report', mediaTypes: ['text/html'] },
    404: unknownRun,
  }),
  cancelRun: {
    method: 'POST',
    route: 'runs/{id}/cancel',
    summary: 'Cancel a run: no further write is begun.',
    needsKey: true,
    parameters: [id],
    takesFlags: false,
    answers: {
      202: json('The run will end, or has ended, as cancelled', startedRunSchema, {
        Location: 'Where its status is',
        'Retry-After': 'Seconds until it is worth looking',
      }),
      404: unknownRun,
      409: problem('The run is finished'),
    },
  },
  listAccounts: get(
    'accounts',
    'The accounts that Cloud Sync knows: its mapping rows.',
    [query('address', 'Only accounts whose address begins with this'), continued],
    { 200: json('A page of accounts', accountListSchema), 400: badInput },
  ),
  getHealth: get('health', 'Whether Cloud Sync can do its work, and what to do if not.', [], {
    200: json('Nothing is failing', healthSchema),
    503: json('Something is failing', healthSchema),
  }),
  verifyTenant: {
    method: 'POST',
    route: 'verify',
    summary:
      'Ask Exchange, Graph and Zivver, by reading only, whether they behave as Cloud Sync relies on. Takes up to some minutes.',
    needsKey: true,
    parameters: [],
    takesFlags: false,
    answers: {
      200: json('A verdict for each assumption, with masked evidence', evidenceSchema),
      409: problem('A run is queued or running; `active_run` names it'),
    },
  },
  getOpenApi: get('openapi.json', 'This document.', [], {
    200: json('The document', documentSchema),
  }),
  getDashboard: {
    ...get('dashboard', 'The dashboard: a page that asks for a key and calls the rest.', [], {
      200: { description: 'The page', mediaTypes: ['text/html'] },
    }),
    needsKey: false,
  },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof operations
