/** Calls as a plain script makes them, for the strategies of other tools. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { BenchWorld, RateLimit } from '../world/bench-world.ts'

/** What a strategy took. */
export interface StrategyResult {
  readonly calls: number
  readonly seconds: number
}

const pageSchema = z.looseObject({
  value: z.array(z.unknown()).default([]),
  '@odata.nextLink': z.string().optional(),
})

/** One call after the other; counted. */
export class PlainClient {
  calls = 0
  readonly #world: BenchWorld
  readonly #limit: RateLimit | null
  /** Moments of the answers that still count. */
  #answers: number[] = []

  /** @param limit pauses for it, so that none of its windows ever sees more calls */
  constructor(world: BenchWorld, limit: RateLimit | null = null) {
    this.#world = world
    this.#limit = limit
  }

  /** A call to Zivver. @returns the parsed answer */
  async zivver(method: string, path: string, body?: unknown): Promise<unknown> {
    await this.#pace()
    const { env } = this.#world
    const answer = await this.#send(`${env['CLOUD_SYNC__ZIVVER_API_URL']}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${env['CLOUD_SYNC__ZIVVER_API_KEY']}`,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    this.#answers.push(performance.now())
    return answer
  }

  /** Every page of a Graph collection, with the pages that the service gives when none are asked for. */
  async graphPages(path: string): Promise<unknown[]> {
    const authorization = `Bearer ${await this.#token('https://graph.microsoft.com')}`
    const base = `${this.#world.env['CLOUD_SYNC__GRAPH_URL']}/v1.0`
    const rows: unknown[] = []
    for (let url: string | undefined = base + path; url !== undefined; ) {
      const page = pageSchema.parse(await this.#send(url, { headers: { authorization } }))
      rows.push(...page.value)
      const next = page['@odata.nextLink']
      url = next?.replace(/^https:\/\/[^/]+/, this.#world.env['CLOUD_SYNC__GRAPH_URL'] ?? '')
    }
    return rows
  }

  async #token(resource: string): Promise<string> {
    const { env } = this.#world
    const url = `${env['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=${resource}`
    const headers = { 'x-identity-header': env['IDENTITY_HEADER'] ?? '' }
    const answer = await (await fetch(url, { headers })).json()
    return z.object({ access_token: z.string() }).parse(answer).access_token
  }

  async #send(url: string, init: RequestInit): Promise<unknown> {
    this.calls += 1
    const answer = await fetch(url, init)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${init.method} ${url}: ${answer.status} ${text.slice(0, 200)}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  async #pace(): Promise<void> {
    if (this.#limit === null) return
    const { requests, seconds } = this.#limit
    const oldest = this.#answers.at(-requests)
    if (oldest !== undefined)
      await sleep(Math.max(0, oldest + seconds * 1000 + 2 - performance.now()))
    this.#answers = this.#answers.slice(1 - requests)
  }
}

/** Times a strategy. */
export async function timed(
  client: PlainClient,
  work: () => Promise<void>,
): Promise<StrategyResult> {
  const began = performance.now()
  await work()
  return { calls: client.calls, seconds: (performance.now() - began) / 1000 }
}
