import { type CheckName, checkNames, type Health, healthSchema } from '../api/health.ts'
import type { ErrorCode } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { type Finding, failing, findingOf } from './findings.ts'

/** One check: a real, cheap call, or a look at what is known. It may throw. */
export type Check = () => Promise<Finding> | Finding

const checkTimeoutMs = 10_000

/** Who did not answer, when a check takes too long. */
const unreachable: Readonly<Record<CheckName, ErrorCode>> = {
  settings: 'INTERNAL',
  storage: 'STORAGE_UNAVAILABLE',
  identity: 'IDENTITY_UNAVAILABLE',
  exchange: 'SOURCE_UNREACHABLE',
  graph: 'SOURCE_UNREACHABLE',
  zivver: 'TARGET_UNREACHABLE',
  email: 'STORAGE_UNAVAILABLE',
  schedule: 'STORAGE_UNAVAILABLE',
  version: 'INTERNAL',
}

/** Makes all checks side by side, each within ten seconds, and puts their findings together. */
export async function checkHealth(
  checks: Readonly<Record<CheckName, Check>>,
  clock: Clock,
): Promise<Health> {
  const findings = await Promise.all(checkNames.map((name) => bounded(name, checks[name], clock)))
  const isFailing = findings.some(({ status }) => status === 'failing')
  return healthSchema.parse({
    status: isFailing ? 'failing' : 'ok',
    checks: checkNames.map((name, index) => ({ name, ...findings[index] })),
  })
}

async function bounded(name: CheckName, check: Check, clock: Clock): Promise<Finding> {
  const timer = new AbortController()
  const tooLate = clock
    .sleep(checkTimeoutMs, timer.signal)
    .then(() =>
      failing(`There was no answer within ${checkTimeoutMs / 1000} s.`, unreachable[name]),
    )
  try {
    return await Promise.race([Promise.resolve().then(check), tooLate])
  } catch (error) {
    return findingOf(error)
  } finally {
    timer.abort()
    tooLate.catch(() => undefined)
  }
}
