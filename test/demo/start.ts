/**
 * `npm start`: a first sync on a simulated tenant, told step by step; afterwards everything stays up until Ctrl-C.
 * `npm start -- --once` ends after the story. The exit code is 0 only when everything came out as told.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { DemoData, type DemoState } from './demo-data.ts'
import { DemoError } from './demo-error.ts'
import { type DemoWorld, startWorld } from './demo-world.ts'
import { type DemoOptions, readOptions } from './options.ts'
import { RunningMark } from './running-mark.ts'
import type { Stage } from './scene.ts'
import { firstSync, laterSync } from './story.ts'
import { Terminal } from './terminal.ts'
import { type Section, whatHappened } from './what-happened.ts'
import { whatToTry, whereToLook } from './where-to-look.ts'

const exitStopped = 130
/** npm passes on a signal that the terminal has sent to everybody already. */
const echoMs = 500
const logLinesShown = 20
const terminal = new Terminal(process.stdout)

async function main(options: DemoOptions, signal: AbortSignal): Promise<number> {
  const data = new DemoData(options.folder)
  if (await new RunningMark(data).isTaken()) {
    throw new DemoError(
      `A demo runs on ${data.folder} already: end it first, or give --data <folder>.`,
    )
  }
  const { isNew, state } = data.open()
  introduce(state, isNew)
  await using world = await start(data, state)
  signal.throwIfAborted()
  const stage = { world, terminal, signal }
  await tellStory(stage, data, isNew)
  print(whereToLook(world, data))
  if (options.endsAfterStory) {
    terminal.line('\nThe story is told: everything is stopped again.')
    return 0
  }
  print(whatToTry(world))
  terminal.line(
    '\nCtrl-C stops everything. The next `npm start` goes on with this data; `npm run clean` removes it.',
  )
  await stopped(signal)
  terminal.line('\nStopping …')
  return 0
}

function introduce({ tenant, accounts, includedDomains }: DemoState, isNew: boolean): void {
  const what = isNew ? 'a first sync on a simulated tenant' : 'the simulated tenant of last time'
  terminal.line(terminal.style('bold', `Cloud Sync: ${what}\n`))
  terminal.line(
    `${tenant.mailboxes.length} mailboxes in Exchange Online, ${accounts.length} accounts in Zivver, domains ${includedDomains.join(' and ')}\n`,
  )
}

async function start(data: DemoData, state: DemoState): Promise<DemoWorld> {
  const task = terminal.begin('Start')
  task.update('storage, Microsoft 365, Zivver, mail, functions')
  try {
    const world = await startWorld(data, state)
    task.done('storage, simulated Microsoft 365, Zivver and mail, and the built functions')
    return world
  } catch (error) {
    task.failed('not everything came up')
    throw error
  }
}

async function tellStory(stage: Stage, data: DemoData, isNew: boolean): Promise<void> {
  try {
    const ending = await (isNew ? firstSync(stage) : laterSync(stage))
    writeFileSync(data.path('report.html'), await stage.world.api.report(ending.run.id))
    for (const section of whatHappened(ending)) print(section)
  } catch (error) {
    if (!stage.signal.aborted) showLog(data)
    throw error
  }
}

function print({ heading, lines }: Section): void {
  terminal.line(`\n${terminal.style('bold', heading)}`)
  for (const line of lines) terminal.line(`  ${line}`)
}

function showLog(data: DemoData): void {
  const lines = readFileSync(data.path('host.log'), 'utf8').trimEnd().split('\n')
  print({ heading: 'The last lines of the functions’ log', lines: lines.slice(-logLinesShown) })
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    // A listener alone does not keep the process alive; this timer does.
    const stayUp = setInterval(() => undefined, 60_000)
    signal.addEventListener('abort', () => {
      clearInterval(stayUp)
      resolve()
    })
  })
}

/** The first Ctrl-C stops everything cleanly, a later one at once: what was started ends with this process. */
function abortOnSignal(): AbortSignal {
  const controller = new AbortController()
  let abortedAt = 0
  const end = () => {
    if (!controller.signal.aborted) {
      abortedAt = performance.now()
      controller.abort()
    } else if (performance.now() - abortedAt > echoMs) process.exit(exitStopped)
  }
  process.on('SIGINT', end).on('SIGTERM', end).on('SIGHUP', end)
  return controller.signal
}

/** A stack only where it helps to find a fault of the demo. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error instanceof DemoError ? error.message : (error.stack ?? error.message)
}

const signal = abortOnSignal()
try {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  const options = readOptions(process.argv.slice(2), { isTerminal, env: process.env })
  process.exitCode = await main(options, signal)
} catch (error) {
  if (signal.aborted) {
    process.exitCode = exitStopped
  } else {
    terminal.line(`\n${terminal.style('red', messageOf(error))}`)
    process.exitCode = 1
  }
}
