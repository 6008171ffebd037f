import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangeJson } from '../../core/api/change.ts'
import { changeListSchema, runListSchema, startedRunSchema } from '../../core/api/operations.ts'
import { type RunJson, runSchema } from '../../core/api/run.ts'
import { isFinal, type RunFlags } from '../../core/model/run.ts'
import { DemoError } from './demo-error.ts'

const pollMs = 100
const runMs = 60_000

/** The app's HTTP API, as a script of an administrator would use it. */
export class HostApi {
  readonly url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.url = url
    this.#key = key
  }

  /** Requests a run. @returns its id, or `null` when another one is queued or running */
  async request(flags: Partial<RunFlags>): Promise<string | null> {
    const answer = await this.#call('POST', '/api/runs', { body: JSON.stringify(flags) })
    if (answer.status === 409) return null
    if (answer.status !== 202) throw await unexpected(answer, 'POST /api/runs')
    return startedRunSchema.parse(await answer.json()).id
  }

  /** The run that is queued or running; `null` when there is none. */
  async activeRun(): Promise<string | null> {
    const { runs } = runListSchema.parse(await this.#json('/api/runs?limit=5'))
    return runs.find(({ status }) => !isFinal(status))?.id ?? null
  }

  /** Follows a run to its end. @param signal ends the waiting, not the run */
  async follow(
    runId: string,
    onProgress: (run: RunJson) => void,
    signal: AbortSignal,
  ): Promise<RunJson> {
    const end = performance.now() + runMs
    for (;;) {
      const run = runSchema.parse(await this.#json(`/api/runs/${runId}`))
      if (isFinal(run.status)) return run
      if (performance.now() > end) throw new DemoError(`run ${runId} did not end within a minute`)
      onProgress(run)
      await sleep(pollMs, undefined, { signal })
    }
  }

  /** All changes of a run, in the order in which they are made. */
  async changes(runId: string): Promise<readonly ChangeJson[]> {
    const changes: ChangeJson[] = []
    let query = ''
    do {
      const page = changeListSchema.parse(await this.#json(`/api/runs/${runId}/changes${query}`))
      changes.push(...page.changes)
      query = page.continuation === undefined ? '' : `?continuation=${page.continuation}`
    } while (query !== '')
    return changes
  }

  /** The HTML report of a run. */
  async report(runId: string): Promise<string> {
    return (await this.#get(`/api/runs/${runId}/report`)).text()
  }

  async #json(path: string): Promise<unknown> {
    return (await this.#get(path)).json()
  }

  async #get(path: string): Promise<Response> {
    const answer = await this.#call('GET', path)
    if (answer.status !== 200) throw await unexpected(answer, `GET ${path}`)
    return answer
  }

  #call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { 'x-functions-key': this.#key }
    return fetch(this.url + path, { ...init, method, headers })
  }
}

async function unexpected(answer: Response, call: string): Promise<Error> {
  return new Error(`${call} was answered with ${answer.status} ${await answer.text()}`)
}
