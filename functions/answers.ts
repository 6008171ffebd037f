import type { HttpResponseInit } from '@azure/functions'
import type * as z from 'zod'
import { type Problem, type ProblemStatus, problemOf } from '../core/api/problem.ts'

// Answers hold addresses of people, and some of them change every second: nothing may keep them.
const commonHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

type Headers = Readonly<Record<string, string>>

/** JSON that was checked by its schema: an answer that the OpenAPI document does not describe never leaves. */
export function jsonAnswer<T extends z.ZodType>(
  schema: T,
  body: z.input<T>,
  { status = 200, headers = {} }: { status?: number; headers?: Headers } = {},
): HttpResponseInit {
  return textAnswer('application/json', JSON.stringify(schema.parse(body)), { status, headers })
}

export function textAnswer(
  mediaType: string,
  body: string,
  { status = 200, headers = {} }: { status?: number; headers?: Headers } = {},
): HttpResponseInit {
  return { status, headers: { ...commonHeaders, 'content-type': mediaType, ...headers }, body }
}

/** An error as `application/problem+json` (RFC 9457). */
export function problemAnswer(
  status: ProblemStatus,
  detail: string,
  extra?: Pick<Problem, 'errors' | 'active_run'>,
): HttpResponseInit {
  const body = JSON.stringify(problemOf(status, detail, extra))
  return textAnswer('application/problem+json', body, { status })
}

/** The problem of inputs that are wrong, each by name. */
export function inputProblem(errors: NonNullable<Problem['errors']>): HttpResponseInit {
  const detail = errors.map(({ name, message }) => `${name} ${message}`).join('; ')
  return problemAnswer(400, detail, { errors })
}

export function unknownRunProblem(): HttpResponseInit {
  return problemAnswer(404, 'No run has this id.')
}
