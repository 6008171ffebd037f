/** A simulator in a process of its own, so that its work does not count as the app's. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FaultRule } from '../../simulators/shared/fault-rule.ts'
import type { LogEntry } from '../../simulators/shared/request-log.ts'
import { endChild } from './end-child.ts'

/** What a call filter of the control routes may name. */
interface CallFilter {
  readonly method?: string
  readonly path?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly status?: number
}

export class Simulator<Announcement extends object> implements AsyncDisposable {
  readonly announced: Announcement
  readonly #child: ChildProcess
  readonly #origin: string

  private constructor(child: ChildProcess, announced: Announcement, origin: string) {
    this.#child = child
    this.announced = announced
    this.#origin = origin
  }

  /**
   * Starts `test/simulators/<name>/serve.ts`. It ends with this process.
   * @throws Error when it ends before it listens
   */
  static async start<Announcement extends { readonly url: string }>(
    name: 'microsoft365' | 'zivver' | 'mail',
    argument: object,
  ): Promise<Simulator<Announcement>> {
    const script = fileURLToPath(new URL(`../../simulators/${name}/serve.ts`, import.meta.url))
    // Its heap must hold 100,000 mailboxes and the log of all their calls.
    const options = { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] as const }
    const child = fork(script, [JSON.stringify(argument)], {
      stdio: [...options.stdio],
      // Simulators are started often: compiled code is kept for the next one.
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'cloud-sync-compile-cache') },
      // Room for what calls leave behind, too: what a simulator collects it cannot answer meanwhile.
      execArgv: ['--max-old-space-size=6000', '--max-semi-space-size=32'],
    })
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the simulator ${name} ended before it listened`)
    })
    const [announced] = (await Promise.race([once(child, 'message'), ended])) as [Announcement]
    ended.catch(() => undefined)
    return new Simulator(child, announced, new URL(announced.url).origin)
  }

  /** Runs an action of `POST /__control/state`. @throws Error with the simulator's complaint */
  act(action: string, input: object = {}): Promise<unknown> {
    return this.#control('POST', 'state', { action, ...input })
  }

  /** `GET /__control/state`. */
  state(): Promise<unknown> {
    return this.#control('GET', 'state')
  }

  /** How many logged calls fit. */
  async count(filter: CallFilter = {}): Promise<number> {
    const { count } = (await this.#control('POST', 'log/count', filter)) as { count: number }
    return count
  }

  /** Logged calls behind the one with this sequence, oldest first. */
  async entries(since: number): Promise<readonly LogEntry[]> {
    const { entries } = (await this.#control('GET', `log?since=${since}`)) as {
      entries: readonly LogEntry[]
    }
    return entries
  }

  /** Lets calls meet faults from now on; rules behind those that are there. */
  async addFaults(rules: readonly FaultRule[]): Promise<void> {
    await this.#control('POST', 'faults', rules)
  }

  /** The rules that are there, and how often each has fired. */
  async faults(): Promise<readonly { readonly id: string; readonly fired: number }[]> {
    const { faults } = (await this.#control('GET', 'faults')) as {
      faults: readonly { id: string; fired: number }[]
    }
    return faults
  }

  async clearFaults(): Promise<void> {
    await this.#control('DELETE', 'faults')
  }

  /** Forgets the calls so far. */
  async clearLog(): Promise<void> {
    await this.#control('DELETE', 'log')
  }

  /** Milliseconds that every call takes from now on. */
  async setLatency(ms: number): Promise<void> {
    await this.#control('POST', 'latency', { ms })
  }

  async #control(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.#origin}/__control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endChild(this.#child)
  }
}
