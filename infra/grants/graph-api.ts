/** Microsoft Graph for an administrator's script: JSON in and out, patient where Graph replicates or throttles. */
import * as z from 'zod'

export interface GraphApiOptions {
  /** `https://graph.microsoft.com`, or another cloud's. */
  readonly baseUrl: string
  /** A token of an administrator. */
  readonly token: string
  /** Waits so many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>
}

/** Graph said no. The message holds its own text, and no token. */
export class GraphRefusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'GraphRefusal'
    this.status = status
  }
}

interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below `/v1.0`, or the whole address of a next page. */
  readonly path: string
  readonly body?: unknown
  /** Statuses to try again at: 404 where something new may not have reached every replica. */
  readonly retryAt?: readonly number[]
}

// 1, 2, 4, … seconds: a new identity takes a minute at most, says Microsoft; two are waited for.
const tries = 8
const timeoutMs = 30_000
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
const pageSchema = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
})

export class GraphApi {
  readonly #options: GraphApiOptions

  constructor(options: GraphApiOptions) {
    this.#options = options
  }

  /** @returns the JSON of the answer; `undefined` = an answer without one @throws GraphRefusal */
  async send(request: GraphRequest): Promise<unknown> {
    const retryAt = [429, 503, ...(request.retryAt ?? [])]
    for (let attempt = 1; ; attempt++) {
      const response = await this.#fetch(request)
      const text = await response.text()
      if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown)
      if (!retryAt.includes(response.status) || attempt === tries) {
        throw refusal(request, response.status, text)
      }
      const asked = Number(response.headers.get('retry-after'))
      await this.#options.sleep(1000 * (asked > 0 ? asked : 2 ** (attempt - 1)))
    }
  }

  /** All pages of a list. @throws GraphRefusal */
  async list<T>(path: string, row: z.ZodType<T>): Promise<T[]> {
    const rows: T[] = []
    for (let next: string | undefined = path; next !== undefined; ) {
      const page = pageSchema.parse(await this.send({ method: 'GET', path: next }))
      rows.push(...page.value.map((each) => row.parse(each)))
      next = page['@odata.nextLink']
    }
    return rows
  }

  #fetch({ method, path, body }: GraphRequest): Promise<Response> {
    const { baseUrl, token } = this.#options
    const url = new URL(path.startsWith('/') ? `${baseUrl}/v1.0${path}` : path)
    // The token opens the tenant: it goes to Graph and nowhere else.
    if (url.origin !== new URL(baseUrl).origin) {
      throw new Error(
        `Microsoft Graph named ${url.host} as its next page; the token is not sent there`,
      )
    }
    return fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
}

function refusal({ method, path }: GraphRequest, status: number, text: string): GraphRefusal {
  const parsed = errorSchema.safeParse(parseJson(text))
  const said = parsed.success
    ? `${parsed.data.error.code}: ${parsed.data.error.message}`
    : 'no reason'
  return new GraphRefusal(status, `${method} ${path.split('?')[0]} answered ${status} (${said})`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
