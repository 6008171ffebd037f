import type { IncomingHttpHeaders } from 'node:http'
import type { Call, Tags } from './call.ts'
import { type CallMatch, compileMatch } from './call-match.ts'

/** One call as it is remembered. */
export interface LogEntry {
  /** 1 for the first call since the server started; never reused. */
  readonly sequence: number
  /** Milliseconds of `performance.now()` in the simulator's process when the request had arrived. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** A choice of request headers, lower case; of `authorization` only the scheme. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON body, or the raw text where it is none; `null` when bodies are not kept. */
  readonly body: unknown
  readonly tags: Readonly<Tags>
  /** Status sent; 0 when no answer was sent (closed, hung, or the caller went away). */
  status: number
  durationMs: number
  /** Kind of the fault that met this call, if any. */
  fault: string | null
}

export interface CountFilter extends CallMatch {
  readonly status?: number | undefined
}

const keptHeaders = [
  'accept',
  'accept-encoding',
  'client-request-id',
  'connection-id',
  'consistencylevel',
  'content-type',
  'cookie',
  'prefer',
  'user-agent',
  'x-anchormailbox',
  'x-cmdletname',
  'x-ms-throttle-priority',
  'x-responseformat',
] as const

/** Every call that a simulator got, in the order of arrival. */
export class RequestLog {
  readonly #keepBodies: boolean
  #entries: LogEntry[] = []
  #sequence = 0

  constructor(options: { readonly keepBodies: boolean }) {
    this.#keepBodies = options.keepBodies
  }

  get entries(): readonly LogEntry[] {
    return this.#entries
  }

  /** Opens an entry; the server completes status and duration when the answer is out. */
  open(call: Call, at: number): LogEntry {
    this.#sequence += 1
    const entry: LogEntry = {
      sequence: this.#sequence,
      at,
      method: call.method,
      path: call.path,
      query: Object.fromEntries(call.query),
      headers: chooseHeaders(call.headers),
      body: this.#keepBodies ? (call.body ?? call.rawBody) : null,
      tags: call.tags,
      status: 0,
      durationMs: 0,
      fault: null,
    }
    this.#entries.push(entry)
    return entry
  }

  clear(): void {
    this.#entries = []
  }

  /** How many calls fit: a predicate, or a filter as the control route takes it. */
  count(wanted: ((entry: LogEntry) => boolean) | CountFilter): number {
    return this.filter(wanted).length
  }

  filter(wanted: ((entry: LogEntry) => boolean) | CountFilter): readonly LogEntry[] {
    return this.#entries.filter(typeof wanted === 'function' ? wanted : asPredicate(wanted))
  }
}

function asPredicate(filter: CountFilter): (entry: LogEntry) => boolean {
  const { status, ...match } = filter
  const matches = compileMatch(match)
  const rawBody = (entry: LogEntry) =>
    match.body === undefined ? '' : JSON.stringify(entry.body ?? null)
  return (entry) =>
    (status === undefined || entry.status === status) &&
    matches({ ...entry, rawBody: rawBody(entry) })
}

function chooseHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const chosen: Record<string, string> = {}
  for (const name of keptHeaders) {
    const value = headers[name]
    if (value !== undefined) chosen[name] = String(value)
  }
  const scheme = headers.authorization?.split(' ')[0]
  if (scheme !== undefined) chosen['authorization'] = `${scheme} …`
  return chosen
}
