import type { Context, Middleware } from '@microsoft/microsoft-graph-client'
import { HttpTransportError, parseJson, sendHttp } from '../http/http-client.ts'
import type { UpstreamBase } from '../http/upstream-base.ts'

/** The only base that the SDK works with: over http it sends no token and misreads absolute links (local-azure.md 5). */
export const nominalOrigin = 'https://graph.microsoft.com'

const timeoutMs = 60_000

/**
 * Last of the middleware chain, in place of the SDK's: calls the nominal URL at the configured base, with a deadline
 * for the whole call and redirects by hand.
 */
export class GraphTransport implements Middleware {
  readonly #base: UpstreamBase

  constructor(base: UpstreamBase) {
    this.#base = base
  }

  /** @throws HttpTransportError when no usable answer came */
  async execute(context: Context): Promise<void> {
    const request: unknown = context.request
    const answer = await sendHttp({
      method: context.options?.method ?? 'GET',
      url: this.#base.url + String(request).slice(nominalOrigin.length),
      headers: Object.fromEntries(new Headers(context.options?.headers)),
      timeoutMs,
      resolveRedirect: (target) => this.#base.resolveLink(target),
    })
    const isSuccess = answer.status >= 200 && answer.status < 300
    if (isSuccess && parseJson(answer.text) === undefined) {
      throw new HttpTransportError(
        'connection',
        `Microsoft Graph answered ${answer.status} without JSON`,
      )
    }
    const body = answer.text === '' ? null : answer.text
    context.response = new Response(body, { status: answer.status, headers: [...answer.headers] })
  }
}
