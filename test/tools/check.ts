/** `npm run check`: everything that must hold before a change goes in. Every step runs, whatever the others found. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Step {
  readonly name: string
  /** The script of package.json that does it. */
  readonly script: string
  readonly flags?: readonly string[]
}

interface StepResult {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly seconds: number
}

const checks: readonly Step[] = [
  { name: 'format', script: 'format:check' },
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'types' },
  { name: 'dead code', script: 'deadcode' },
  { name: 'advisories', script: 'advisories' },
  { name: 'build', script: 'build' },
]

async function main(): Promise<number> {
  const results: StepResult[] = []
  for (const step of checks) results.push(await runCheck(step))
  results.push(await runTests())
  for (const line of summary(results)) console.log(line)
  return results.some(({ failed }) => failed > 0) ? 1 : 0
}

/** A check counts as one, passed or failed. */
async function runCheck(step: Step): Promise<StepResult> {
  const { isGood, seconds } = await runScript(step)
  return { name: step.name, passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, seconds }
}

const report = z.object({ numPassedTests: z.number(), numFailedTests: z.number() })

/** Each test counts as one. A run that ends badly without a failed test (a file that does not load) is one failure. */
async function runTests(): Promise<StepResult> {
  const folder = await mkdtemp(join(tmpdir(), 'check-'))
  const outputFile = join(folder, 'tests.json')
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`]
  const { isGood, seconds } = await runScript({ name: 'tests', script: 'test', flags })
  const counted = await readReport(outputFile)
  await rm(folder, { recursive: true })
  const failed = counted.numFailedTests === 0 && !isGood ? 1 : counted.numFailedTests
  return { name: 'tests', passed: counted.numPassedTests, failed, seconds }
}

/** A report that was not written counts as no test at all. */
async function readReport(path: string): Promise<z.infer<typeof report>> {
  try {
    return report.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0 }
  }
}

async function runScript(step: Step): Promise<{ isGood: boolean; seconds: number }> {
  console.log(`\n── ${step.name} (npm run ${step.script})`)
  const began = performance.now()
  const args = ['run', '--silent', step.script, '--', ...(step.flags ?? [])]
  const code = await new Promise<number | null>((resolve, reject) => {
    spawn('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
      .once('error', reject)
      .once('close', resolve)
  })
  return { isGood: code === 0, seconds: (performance.now() - began) / 1000 }
}

function summary(results: readonly StepResult[]): string[] {
  const sum = (key: 'passed' | 'failed') => results.reduce((total, each) => total + each[key], 0)
  return [
    '\n── summary: every test counts as one, and so does each of the other checks',
    ...results.map(
      ({ name, passed, failed, seconds }) =>
        `${failed === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`,
    ),
    `${sum('passed')} passed, ${sum('failed')} failed`,
  ]
}

process.exitCode = await main()
