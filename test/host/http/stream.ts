import { type IncomingHttpHeaders, type IncomingMessage, request as sendRequest } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { HttpCall } from './http-trigger.ts'

const connectionHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding'])

/**
 * HTTP streaming (`app.setup({ enableHttpStream: true })`): the library listens on a port of its own, and host and function
 * meet there by the invocation's id, so that an answer flows on while it is made.
 * @returns `completed` when the whole answer was passed on; `abandon` for a request that nobody will take up
 */
export function streamThroughLibrary(
  { request, response, url, body }: HttpCall,
  streamUrl: string,
  invocationId: string,
): { readonly completed: Promise<void>; abandon(): void } {
  const target = new URL(url.pathname + url.search, streamUrl)
  // The library says "localhost" and listens on every address.
  target.hostname = '127.0.0.1'
  const outgoing = sendRequest(target, {
    method: request.method ?? 'GET',
    headers: {
      ...withoutConnection(request.headers),
      'content-length': String(body.length),
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': url.host,
      'x-forwarded-proto': 'http',
    },
  })
  const answered = Promise.withResolvers<IncomingMessage>()
  outgoing.once('response', answered.resolve)
  outgoing.once('error', answered.reject)
  outgoing.end(body)
  const completed = answered.promise.then(async (incoming) => {
    if (response.headersSent) return incoming.destroy()
    const { 'x-ms-invocation-id': _id, ...headers } = withoutConnection(incoming.headers)
    response.writeHead(incoming.statusCode ?? 502, headers)
    return pipeline(incoming, response)
  })
  // Awaited only after the function has ended; until then a fault must not count as unhandled.
  completed.catch(() => undefined)
  return { completed: completed.then(() => undefined), abandon: () => outgoing.destroy() }
}

function withoutConnection(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !connectionHeaders.has(name)),
  )
}
