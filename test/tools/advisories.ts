/**
 * `npm run advisories`: fails when a dependency has a known advisory of severity high or critical that has a fix. A
 * registry that does not answer this question (mirrors often do not) is no failure, and is said.
 */
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'

const advisory = z.object({
  name: z.string(),
  severity: z.string(),
  range: z.string(),
  fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]),
})
const auditReport = z.object({ vulnerabilities: z.record(z.string(), advisory) })
const refusal = z.object({ message: z.string() })

/** What `npm audit --json` said. */
export type Verdict =
  | { readonly status: 'answered'; readonly toMend: readonly string[]; readonly others: number }
  | { readonly status: 'unanswered'; readonly why: string }

/** @param output standard output of `npm audit --json` */
export function judgeAudit(output: string): Verdict {
  const answer = parseJson(output)
  const report = auditReport.safeParse(answer)
  if (!report.success) {
    const refused = refusal.safeParse(answer)
    return { status: 'unanswered', why: refused.data?.message ?? 'its answer is no audit report' }
  }
  const found = Object.values(report.data.vulnerabilities)
  const toMend = found.filter(
    ({ severity, fixAvailable }) =>
      (severity === 'high' || severity === 'critical') && fixAvailable !== false,
  )
  return {
    status: 'answered',
    toMend: toMend.map(({ name, severity, range }) => `${name} ${range}: ${severity}`),
    others: found.length - toMend.length,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function main(): number {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8' })
  const verdict = judgeAudit(stdout)
  if (verdict.status === 'unanswered') {
    console.log(`not checked: the registry does not answer (${verdict.why})`)
    return 0
  }
  const { toMend, others } = verdict
  for (const line of toMend) console.log(`${line}, and there is a fix: npm audit fix`)
  console.log(`${toMend.length} to mend, ${others} lower or without a fix`)
  return toMend.length > 0 ? 1 : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main()
