import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Invoker, Outcome } from '../invoker.ts'
import type { RegisteredFunction } from '../worker/registry.ts'
import type { RpcHttpData, RpcTypedData } from '../worker/rpc.ts'
import { answerEmpty } from './answer.ts'
import { streamThroughLibrary } from './stream.ts'

/** A request that found its function. */
export interface HttpCall {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly parameters: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * Runs an HTTP function and answers with what it returns; an error of the function is a `500` without a body.
 * @param streamUrl where the library takes requests when the app enabled HTTP streaming, else `null`
 */
export async function runHttpFunction(
  fn: RegisteredFunction,
  call: HttpCall,
  invoker: Invoker,
  streamUrl: string | null,
): Promise<void> {
  if (streamUrl === null) {
    await invoker.invoke(fn, { data: { http: requestData(call) } }, (outcome) =>
      answer(call.response, outcome),
    )
    return
  }
  const invocationId = randomUUID()
  const exchange = streamThroughLibrary(call, streamUrl, invocationId)
  const trigger = { data: { http: {} }, metadata: streamMetadata(call), invocationId }
  await invoker.invoke(fn, trigger, async (outcome) => {
    if (outcome.status === 'succeeded') {
      await exchange.completed
    } else {
      // A function that failed never takes up its request: nobody else would end it.
      exchange.abandon()
      answerEmpty(call.response, 500)
    }
  })
}

function requestData({ request, url, parameters, body }: HttpCall): RpcHttpData {
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(headersOf(request)),
    nullableQuery: nullable(queryOf(url)),
    nullableParams: nullable(parameters),
    body: body.length > 0 ? { bytes: body } : null,
  }
}

/** With streaming on, the library takes headers and route parameters from here. */
function streamMetadata({ request, url, parameters }: HttpCall): Record<string, RpcTypedData> {
  const values = Object.entries(parameters).map(([name, value]) => [name, { string: value }])
  return {
    ...Object.fromEntries(values),
    Headers: { json: JSON.stringify(headersOf(request)) },
    Query: { json: JSON.stringify(queryOf(url)) },
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const pairs = Object.entries(request.headersDistinct)
  return Object.fromEntries(pairs.map(([name, values]) => [name, (values ?? []).join(', ')]))
}

/** Like the real host: the values of a name that comes twice are joined by a comma. */
function queryOf(url: URL): Record<string, string> {
  const names = new Set(url.searchParams.keys())
  return Object.fromEntries(
    [...names].map((name) => [name, url.searchParams.getAll(name).join(',')]),
  )
}

function nullable(values: Readonly<Record<string, string>>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))
}

function answer(response: ServerResponse, outcome: Outcome): void {
  if (outcome.status === 'failed') {
    answerEmpty(response, 500)
    return
  }
  const http = outcome.response.returnValue?.http
  if (http === undefined) {
    answerEmpty(response, 204)
    return
  }
  if (response.headersSent) return
  if (http.cookies !== undefined && http.cookies.length > 0) {
    throw new Error('the local host sends no cookies: set the header Set-Cookie instead')
  }
  response.writeHead(Number(http.statusCode ?? 200), { ...http.headers })
  response.end(bytesOf(http.body))
}

function bytesOf(body: RpcTypedData | null | undefined): Uint8Array | string {
  return body?.bytes ?? body?.string ?? body?.json ?? ''
}
