import { changeListSchema, runListSchema, startedRunSchema } from '../../core/api/operations.ts'
import { type RunJson, runSchema } from '../../core/api/run.ts'
import type { RunFlags } from '../../core/model/run.ts'
import type { AppliedChange } from './judge.ts'

const answerMs = 5_000

/** What became of a request for a run. */
export type Requested =
  | { readonly status: 'queued'; readonly id: string }
  | { readonly status: 'conflict' }
  /** The host was killed, paused or cut off from its storage meanwhile. */
  | { readonly status: 'unanswered' }

/** The HTTP API of a host that may be gone at any moment: an answer that does not come is `null`. */
export class HostClient {
  readonly #url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  async request(flags: Partial<RunFlags>): Promise<Requested> {
    const answer = await this.#call('POST', '/api/runs', flags)
    if (answer?.status === 202) {
      return { status: 'queued', id: startedRunSchema.parse(answer.json).id }
    }
    return { status: answer?.status === 409 ? 'conflict' : 'unanswered' }
  }

  /** The newest runs, newest first. */
  async runs(limit: number): Promise<readonly RunJson[] | null> {
    const answer = await this.#get(`/api/runs?limit=${limit}`)
    return answer === null ? null : runListSchema.parse(answer).runs
  }

  async run(id: string): Promise<RunJson | null> {
    const answer = await this.#get(`/api/runs/${id}`)
    return answer === null ? null : runSchema.parse(answer)
  }

  /** Every run there was, newest first. */
  async allRuns(): Promise<readonly RunJson[] | null> {
    const runs: RunJson[] = []
    for (let query = '?limit=100'; query !== ''; ) {
      const answer = await this.#get(`/api/runs${query}`)
      if (answer === null) return null
      const page = runListSchema.parse(answer)
      runs.push(...page.runs)
      query = page.continuation === undefined ? '' : `?limit=100&continuation=${page.continuation}`
    }
    return runs
  }

  /** Changes of a run with this status, or all. */
  async changes(runId: string, status?: string): Promise<readonly ToldChange[] | null> {
    const changes: ToldChange[] = []
    const filter = status === undefined ? '' : `&status=${status}`
    for (let next: string | null = ''; next !== null; ) {
      const answer = await this.#get(`/api/runs/${runId}/changes?limit=200${filter}${next}`)
      if (answer === null) return null
      const page = changeListSchema.parse(answer)
      changes.push(...page.changes.map((change) => ({ ...change, scimId: change.scim_id })))
      next = page.continuation === undefined ? null : `&continuation=${page.continuation}`
    }
    return changes
  }

  cancel(runId: string): Promise<unknown> {
    return this.#call('POST', `/api/runs/${runId}/cancel`)
  }

  /** Fires a timer, as its schedule would. */
  fire(timer: 'scheduledSync' | 'resumeRuns'): Promise<unknown> {
    return this.#call('POST', `/admin/functions/${timer}`, {})
  }

  askHealth(): Promise<unknown> {
    return this.#call('GET', '/api/health')
  }

  async #get(path: string): Promise<unknown> {
    const answer = await this.#call('GET', path)
    return answer?.status === 200 ? answer.json : null
  }

  async #call(method: string, path: string, body?: object) {
    try {
      const response = await fetch(this.#url + path, {
        method,
        headers: { 'x-functions-key': this.#key },
        signal: AbortSignal.timeout(answerMs),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = /json\b/.test(response.headers.get('content-type') ?? '')
      return { status: response.status, json: isJson ? (JSON.parse(text) as unknown) : null }
    } catch {
      return null
    }
  }
}

type ToldChange = AppliedChange & {
  readonly status: string
  readonly reason: string
  readonly error: { readonly code: string; readonly message: string } | null
}
