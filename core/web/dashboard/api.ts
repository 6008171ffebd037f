/** Calls of the HTTP API with the function key, which is kept for this tab only and never put into an address. */
import type { AccountJson } from '../../api/account.ts'
import type { ChangeJson } from '../../api/change.ts'
import type { Health } from '../../api/health.ts'
import type { RunJson } from '../../api/run.ts'
import type { Evidence } from '../../api/verification.ts'
import type { RunFlags } from '../../model/run.ts'

export type { AccountJson, ChangeJson, Evidence, Health, RunFlags, RunJson }

const keyName = 'cloud-sync-key'
/** The API's root, beside the page's own address: `/api`. */
const root = location.pathname.replace(/\/dashboard\/?$/, '')

export const key = {
  isKnown: (): boolean => sessionStorage.getItem(keyName) !== null,
  keep: (value: string): void => sessionStorage.setItem(keyName, value),
  forget: (): void => sessionStorage.removeItem(keyName),
}

/** An answer that is no success, in the API's own words (`application/problem+json`). */
export class Problem extends Error {
  readonly status: number
  /** The run that is in the way of another one. */
  readonly activeRun: string | null

  constructor(status: number, detail: string, activeRun: string | null) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.activeRun = activeRun
  }
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('x-functions-key', sessionStorage.getItem(keyName) ?? '')
  return fetch(root + path, { ...init, headers, cache: 'no-store' })
}

async function problemOf(response: Response): Promise<Problem> {
  const { status } = response
  if (status === 401 || status === 403)
    return new Problem(status, 'This key is not accepted.', null)
  const text = await response.text()
  let body: { detail?: unknown; active_run?: unknown } = {}
  try {
    body = JSON.parse(text)
  } catch {
    // Not from the app itself: a proxy, or the platform while it starts.
  }
  const detail = typeof body.detail === 'string' ? body.detail : `The server answered ${status}.`
  return new Problem(status, detail, typeof body.active_run === 'string' ? body.active_run : null)
}

// The answers were checked by their schemas before they left the server: it is the same app, of the same version.
async function getJson<T>(path: string, accepted: readonly number[] = []): Promise<T> {
  const response = await call(path)
  if (!response.ok && !accepted.includes(response.status)) throw await problemOf(response)
  return response.json()
}

async function post<T = { readonly id: string }>(path: string, body?: object): Promise<T> {
  const response = await call(path, {
    method: 'POST',
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  })
  if (!response.ok) throw await problemOf(response)
  return response.json()
}

function query(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

export interface Page {
  readonly continuation?: string
}

export interface ChangeQuery {
  readonly action?: string
  readonly status?: string
  readonly continuation?: string
}

export const changesPerPage = 100

export const api = {
  runs: (limit: number, continuation?: string) =>
    getJson<Page & { readonly runs: readonly RunJson[] }>(
      `/runs${query({ limit: String(limit), continuation })}`,
    ),
  run: (id: string) => getJson<RunJson>(`/runs/${encodeURIComponent(id)}`),
  changes: (id: string, { action, status, continuation }: ChangeQuery) =>
    getJson<Page & { readonly changes: readonly ChangeJson[] }>(
      `/runs/${encodeURIComponent(id)}/changes${query({ action, status, continuation, limit: String(changesPerPage) })}`,
    ),
  accounts: (address: string, continuation?: string) =>
    getJson<Page & { readonly accounts: readonly AccountJson[] }>(
      `/accounts${query({ address, continuation })}`,
    ),
  /** 503 says that a check is failing; the checks are in it all the same. */
  health: () => getJson<Health>('/health', [503]),
  verify: () => post<Evidence>('/verify'),
  start: (flags: Partial<RunFlags>) => post('/runs', flags),
  cancel: (id: string) => post(`/runs/${encodeURIComponent(id)}/cancel`),
  /** The report as a file of this tab: a link to it would have to hold the key. */
  report: async (id: string): Promise<Blob> => {
    const response = await call(`/runs/${encodeURIComponent(id)}/report`)
    if (!response.ok) throw await problemOf(response)
    return new Blob([await response.text()], { type: 'text/html' })
  },
} as const
