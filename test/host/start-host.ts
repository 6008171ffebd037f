/** The local host as a child process, for tests and for `npm start`. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { deployedWorkerSettings } from '../support/deployed-worker.ts'
import { hostProgram } from './host-program.ts'

export interface StartHostOptions {
  /**
   * The whole environment of the host and the app, apart from PATH, HOME and TMPDIR, and from the settings with which
   * Node.js is started (as deployed, unless given here): nothing else is inherited.
   */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A bundle to run as it is; absent = the app, built first where needed. */
  readonly bundle?: string
  /** Called for each line as it is printed. */
  readonly onLine?: (line: string) => void
  /** How long the host may take until it is ready; default 30 s. */
  readonly readyMs?: number
}

interface ExitState {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** `await using host = await startHost()` stops it at the end of the block. */
export interface HostProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string
  readonly pid: number
  /** Every line of stdout and stderr so far, in order of arrival; it grows. */
  readonly lines: readonly string[]
  /** Resolves with the first line, printed before or after the call, that matches. @throws Error after `timeoutMs` (default 20 s) or when the host ends first */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<string>
  /** Sends a signal to the host process itself: `SIGKILL`, `SIGSTOP`, `SIGCONT`, … */
  kill(signal: NodeJS.Signals): void
  /** Resolves when the process is gone. */
  readonly exited: Promise<ExitState>
  /** SIGTERM, and SIGKILL when that takes longer than 15 s. Resolves when the process is gone; may be called twice. */
  stop(): Promise<ExitState>
}

const killAfterMs = 15_000

/**
 * Starts the local host on a free port and waits for `Host ready`. The host ends with this process, however this one
 * ends. @throws Error with the host's own output when it does not get ready
 */
export async function startHost(options: StartHostOptions = {}): Promise<HostProcess> {
  const child = await spawnHost(options)
  const output = new Output(child, options.onLine)
  const exited = new Promise<ExitState>((resolve) => {
    child.once('close', (code, signal) => {
      output.end()
      resolve({ code, signal })
    })
  })
  try {
    const ready = await output.waitFor(/^Host ready http/, options.readyMs ?? 30_000)
    return {
      url: ready.slice('Host ready '.length),
      pid: child.pid ?? -1,
      lines: output.lines,
      waitForLine: (pattern, timeoutMs = 20_000) => output.waitFor(pattern, timeoutMs),
      kill: (signal) => void child.kill(signal),
      exited,
      stop: () => stop(child, exited),
      [Symbol.asyncDispose]: async () => void (await stop(child, exited)),
    }
  } catch (error) {
    await stop(child, exited)
    throw error
  }
}

async function spawnHost({
  env = {},
  bundle,
}: StartHostOptions): Promise<ChildProcessWithoutNullStreams> {
  const { PATH, HOME, TMPDIR } = process.env
  const own = { ...deployedWorkerSettings(), ...(bundle && { HOST_BUNDLE: bundle }), ...env }
  const program = await hostProgram(own)
  // Hosts are started often: compiled code is kept for the next one.
  const NODE_COMPILE_CACHE = join(tmpdir(), 'cloud-sync-compile-cache')
  return spawn(process.execPath, program.args, {
    env: { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE, PORT: '0', ...own, ...program.env },
    // Ctrl-C in a terminal goes to the whole process group: a host of its own ends when its parent says so, once.
    detached: process.platform !== 'win32',
  })
}

async function stop(
  child: ChildProcessWithoutNullStreams,
  exited: Promise<ExitState>,
): Promise<ExitState> {
  child.kill('SIGTERM')
  // A paused process gets its signals only once it goes on.
  child.kill('SIGCONT')
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const state = await exited
  clearTimeout(timer)
  return state
}

/** The lines of a child, and those who wait for one. */
class Output {
  readonly lines: string[] = []
  readonly #watchers = new Set<(line: string | null) => void>()

  constructor(child: ChildProcessWithoutNullStreams, onLine: (line: string) => void = () => {}) {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        this.lines.push(line)
        onLine(line)
        for (const watcher of this.#watchers) watcher(line)
      })
    }
  }

  end(): void {
    for (const watcher of this.#watchers) watcher(null)
  }

  waitFor(pattern: RegExp, timeoutMs: number): Promise<string> {
    const seen = this.lines.find((line) => pattern.test(line))
    if (seen !== undefined) return Promise.resolve(seen)
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer)
        this.#watchers.delete(watcher)
        act()
      }
      const fail = (reason: string) =>
        settle(() => reject(new Error(`the host ${reason} ${pattern}:\n${this.lines.join('\n')}`)))
      const watcher = (line: string | null) => {
        if (line === null) fail('ended before it printed')
        else if (pattern.test(line)) settle(() => resolve(line))
      }
      const timer = setTimeout(() => fail(`did not print in ${timeoutMs} ms`), timeoutMs)
      this.#watchers.add(watcher)
    })
  }
}
