/** The HTTP API of a running host, as a script of an administrator uses it; every answer is checked on the way. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountJson } from '../../core/api/account.ts'
import type { ChangeJson } from '../../core/api/change.ts'
import type { HealthCheck } from '../../core/api/health.ts'
import type { InputError } from '../../core/api/problem.ts'
import type { RunJson } from '../../core/api/run.ts'
import { createOpenApiCheck, type OpenApiCheck } from '../api/openapi-check.ts'
import type { HostProcess } from '../host/start-host.ts'
import { leaksIn } from './leaks.ts'

/** One answer of the HTTP API. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** What it holds is checked against the document; a text that is no JSON has none of it. */
  readonly json: AnswerBody
}

/** Every member that tests look at, of whatever answer has it. */
interface AnswerBody {
  readonly id: string
  readonly status: string | number
  readonly status_url: string
  readonly errors: readonly InputError[]
  readonly active_run: string
  readonly runs: readonly RunJson[]
  readonly changes: readonly ChangeJson[]
  readonly accounts: readonly AccountJson[]
  readonly continuation?: string
  readonly checks: readonly HealthCheck[]
  readonly openapi: string
  readonly paths: Readonly<Record<string, object>>
  readonly components: {
    readonly schemas: Readonly<
      Record<string, { readonly enum: readonly string[]; readonly 'x-remedies': object }>
    >
  }
}

interface CallInit {
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

type Flags = Readonly<Record<string, unknown>>

export class Api {
  readonly host: HostProcess
  readonly #key: string
  readonly #secrets: readonly string[]
  #check: Promise<OpenApiCheck> | null = null

  /** @param secrets that no answer may hold; the first one is the function key */
  constructor(host: HostProcess, secrets: readonly string[]) {
    this.host = host
    this.#key = secrets[0] ?? ''
    this.#secrets = secrets
  }

  /**
   * Calls the host with the function key; `headers` may take it away.
   * @throws Error when the answer is not one that the host's own OpenAPI document describes, or holds a secret
   */
  async call(method: string, path: string, init: CallInit = {}): Promise<ApiAnswer> {
    const response = await fetch(this.host.url + path, {
      ...init,
      method,
      headers: { 'x-functions-key': this.#key, ...init.headers },
    })
    const text = await response.text()
    const { status, headers } = response
    const contentType = headers.get('content-type') ?? ''
    const json: unknown = /json\b/.test(contentType) ? JSON.parse(text) : undefined
    const { pathname } = new URL(path, this.host.url)
    const faults = leaksIn([[`${method} ${pathname} ${status}`, text]], this.#secrets)
    if (pathname.startsWith('/api/')) {
      this.#check ??= this.#readDocument()
      const observed = { method, path: pathname.slice('/api'.length), status, contentType }
      faults.push(...(await this.#check)({ ...observed, body: json ?? text }))
    }
    if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${text.slice(0, 2000)}`)
    return { status, headers, text, json: json as AnswerBody }
  }

  async #readDocument(): Promise<OpenApiCheck> {
    const headers = { 'x-functions-key': this.#key }
    const response = await fetch(`${this.host.url}/api/openapi.json`, { headers })
    return createOpenApiCheck(await response.json())
  }

  get(path: string): Promise<ApiAnswer> {
    return this.call('GET', path)
  }

  /** Requests a run with the given flags as JSON body. */
  request(flags: Flags = {}): Promise<ApiAnswer> {
    return this.call('POST', '/api/runs', { body: JSON.stringify(flags) })
  }

  /** Requests a run and waits for its end. */
  async sync(flags: Flags = {}, timeoutMs = 60_000): Promise<RunJson> {
    return this.ended((await this.started(flags)).id, timeoutMs)
  }

  /** Requests a run that must be accepted. */
  async started(flags: Flags = {}): Promise<{ id: string }> {
    const answer = await this.request(flags)
    if (answer.status !== 202) throw new Error(`POST /api/runs: ${answer.status} ${answer.text}`)
    return answer.json
  }

  /** A preview and its changes. */
  async plan(flags: Flags = {}): Promise<RunWithChanges> {
    return this.#withChanges(await this.sync(flags))
  }

  /** A sync without regard to the guard, and its changes. */
  async apply(flags: Flags = {}): Promise<RunWithChanges> {
    const allowed = { perform_sync: true, allow_large_sync: true }
    return this.#withChanges(await this.sync({ ...allowed, ...flags }))
  }

  async #withChanges(run: RunJson): Promise<RunWithChanges> {
    return { run, changes: await this.changes(run.id) }
  }

  async run(id: string): Promise<RunJson> {
    return JSON.parse((await this.get(`/api/runs/${id}`)).text) as RunJson
  }

  /** The newest runs, newest first. */
  async runs(): Promise<readonly RunJson[]> {
    return (await this.get('/api/runs?limit=50')).json.runs
  }

  /** Waits until a run has ended. */
  ended(id: string, timeoutMs = 60_000): Promise<RunJson> {
    return this.until(id, ({ status }) => status !== 'queued' && status !== 'running', timeoutMs)
  }

  /** Waits until a run is as wished. */
  async until(
    id: string,
    isReached: (run: RunJson) => boolean,
    timeoutMs = 60_000,
  ): Promise<RunJson> {
    const end = Date.now() + timeoutMs
    for (;;) {
      const run = await this.run(id)
      if (isReached(run)) return run
      if (Date.now() > end) {
        const log = this.host.lines.slice(-30).join('\n')
        throw new Error(`run ${id} did not get there: ${JSON.stringify(run)}\n${log}`)
      }
      await sleep(25)
    }
  }

  /** Fires a timer, as its schedule would. */
  async fire(timer: 'scheduledSync' | 'resumeRuns'): Promise<void> {
    const { status } = await this.call('POST', `/admin/functions/${timer}`, { body: '{}' })
    if (status !== 202) throw new Error(`POST /admin/functions/${timer}: ${status}`)
  }

  /** Fires `scheduledSync` and waits for the run that it requests. */
  async tick(): Promise<RunJson> {
    const known = new Set((await this.runs()).map(({ id }) => id))
    await this.fire('scheduledSync')
    for (let turn = 0; turn < 400; turn++) {
      const run = (await this.runs()).find(({ id }) => !known.has(id))
      if (run !== undefined) return this.ended(run.id)
      await sleep(25)
    }
    throw new Error(`scheduledSync requested no run\n${this.host.lines.slice(-30).join('\n')}`)
  }

  /** All changes of a run. */
  async changes(id: string, query = ''): Promise<ChangeJson[]> {
    const changes: ChangeJson[] = []
    let continuation = ''
    do {
      const next = continuation === '' ? '' : `&continuation=${continuation}`
      const { json } = await this.get(`/api/runs/${id}/changes?limit=200${query}${next}`)
      changes.push(...json.changes)
      continuation = json.continuation ?? ''
    } while (continuation !== '')
    return changes
  }
}

export interface RunWithChanges {
  readonly run: RunJson
  readonly changes: readonly ChangeJson[]
}
