/** The hosts of a world, each a process that is killed, paused, woken and started again. */
import { type HostProcess, startHost } from '../host/start-host.ts'
import { HostClient } from './host-client.ts'
import type { RunLines } from './run-lines.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface HostOptions {
  readonly env: Environment
  readonly bundle: string
  readonly key: string
  readonly runLines: RunLines
  /** Told when a process ends that nobody has ended. */
  readonly onCrash: (text: string) => void
}

/** Lines of each process that are kept, for a finding's context. */
const linesKept = 4_000

interface Running {
  readonly host: HostProcess
  readonly client: HostClient
  isPaused: boolean
}

/** A place for one host; the processes in it come and go. */
export class HostSlot implements AsyncDisposable {
  readonly name: string
  /** What its processes have printed last. */
  readonly lines: string[] = []
  readonly #options: HostOptions
  #current: Running | null = null
  #changed: Environment = {}
  #started = 0

  constructor(name: string, options: HostOptions) {
    this.name = name
    this.#options = options
  }

  /** @param changed settings in the place of the world's own */
  async start(changed: Environment = {}): Promise<void> {
    if (this.#current !== null) return
    this.#started += 1
    const processName = `${this.name}.${this.#started}`
    this.#changed = changed
    const { env, bundle, key, runLines } = this.#options
    const host = await startHost({
      env: { ...env, ...changed },
      bundle,
      onLine: (line) => {
        runLines.read(processName, line)
        this.lines.push(`${processName} ${line}`)
        if (this.lines.length > linesKept) this.lines.splice(0, linesKept / 2)
      },
    })
    const current = { host, client: new HostClient(host.url, key), isPaused: false }
    this.#current = current
    void this.#noticeEnd(current, processName)
  }

  async #noticeEnd(running: Running, processName: string): Promise<void> {
    const { code, signal } = await running.host.exited
    if (this.#current !== running) return
    this.#current = null
    const last = running.host.lines.at(-1) ?? 'it printed nothing'
    this.#options.onCrash(`host ${processName} ended by itself (${signal ?? code}): ${last}`)
  }

  /** `null` while there is no process, or it is paused. */
  get client(): HostClient | null {
    return this.#current === null || this.#current.isPaused ? null : this.#current.client
  }

  get pid(): number | null {
    return this.#current?.host.pid ?? null
  }

  get isPaused(): boolean {
    return this.#current?.isPaused ?? false
  }

  get isRunning(): boolean {
    return this.client !== null
  }

  /** Whether it runs with other settings than the world's own. */
  get isChanged(): boolean {
    return Object.keys(this.#changed).length > 0
  }

  /** Where this process ends at once: a paused one would stay for ever. */
  abandon(): void {
    this.#current?.host.kill('SIGKILL')
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const current = this.#current
    if (current === null) return
    this.#current = null
    current.host.kill('SIGKILL')
    await current.host.exited
  }

  /** @returns false when there is nothing to pause */
  pause(): boolean {
    if (this.#current === null || this.#current.isPaused) return false
    this.#current.isPaused = true
    this.#current.host.kill('SIGSTOP')
    return true
  }

  /** @returns false when nothing was paused */
  wake(): boolean {
    if (this.#current === null || !this.#current.isPaused) return false
    this.#current.isPaused = false
    this.#current.host.kill('SIGCONT')
    return true
  }

  /** Ends the process as an update or a changed setting does: SIGTERM. */
  async stop(): Promise<void> {
    const current = this.#current
    if (current === null) return
    this.#current = null
    await current.host.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
