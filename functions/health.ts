import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { healthSchema } from '../core/api/health.ts'
import { healthChecks } from '../core/health/checks.ts'
import { checkHealth } from '../core/health/health.ts'
import { jsonAnswer } from './answers.ts'
import type { Invocation } from './invocation.ts'

/** `GET /api/health`: 200 while nothing is failing, 503 otherwise. */
export async function getHealth(
  _request: HttpRequest,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const health = await checkHealth(healthChecks(invocation.health()), invocation.clock)
  const checks = health.checks.map((check) => ({
    ...check,
    message: invocation.mask(check.message),
  }))
  return jsonAnswer(
    healthSchema,
    { ...health, checks },
    { status: health.status === 'ok' ? 200 : 503 },
  )
}
