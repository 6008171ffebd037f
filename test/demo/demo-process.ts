/** The demo as a child process, for its tests. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'

const program = fileURLToPath(new URL('./start.ts', import.meta.url))
// A test that fails must not leave a demo behind either.
const exitWithParent = fileURLToPath(new URL('../support/exit-with-parent.ts', import.meta.url))
const waitMs = 60_000

export interface DemoProcess {
  /** Everything it has printed so far. */
  output(): string
  /** @throws Error when it ends, or a minute passes, before it prints this */
  waitFor(text: string): Promise<void>
  /** Its own process and every one below it, as they are now. */
  processes(): Promise<readonly number[]>
  kill(signal: NodeJS.Signals): void
  /** The exit code, once it has ended; `null` when a signal ended it. */
  readonly ended: Promise<number | null>
}

/** `npm start -- …args`, with neither a terminal nor `CI`. */
export function startDemo(...args: readonly string[]): DemoProcess {
  const { CI: _, ...env } = process.env
  const child = spawn(process.execPath, ['--import', exitWithParent, program, ...args], {
    env,
    stdio: 'pipe',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const plain = () => stripVTControlCharacters(output)
  return {
    output: plain,
    waitFor: async (text) => {
      const end = performance.now() + waitMs
      while (!plain().includes(text)) {
        const isOver = child.exitCode !== null || performance.now() > end
        if (isOver) throw new Error(`the demo did not print "${text}":\n${plain()}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    processes: () => processTree(child.pid ?? -1),
    kill: (signal) => void child.kill(signal),
    ended,
  }
}

/** @returns those of the processes that still run; one that has ended and was not yet collected does not */
export async function stillRunning(pids: readonly number[]): Promise<readonly number[]> {
  const running = (await listProcesses()).filter(({ state }) => !state.startsWith('Z'))
  return running.map(({ pid }) => pid).filter((pid) => pids.includes(pid))
}

async function processTree(root: number): Promise<readonly number[]> {
  const all = await listProcesses()
  const below = (pid: number): number[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child.pid, ...below(child.pid)])
  return [root, ...below(root)]
}

async function listProcesses() {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat='])
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = '', parent = '', state = ''] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(parent), state }
    })
}
