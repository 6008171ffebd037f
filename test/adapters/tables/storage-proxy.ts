/** A proxy before the emulator, real HTTP on loopback, that loses answers as a network does. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * What happens to a request: `lose` = it takes effect and its answer is lost; `refuse` = the connection breaks before
 * it; `hang` = it takes effect and nobody ever answers; a number = that status, without effect.
 */
export type Fault = 'lose' | 'refuse' | 'hang' | number

export interface StorageProxy {
  readonly connectionString: string
  /** Asked for each request; `null` = passes. The body tells a transaction's rows. */
  decide: (method: string, path: string, body: string) => Fault | null | Promise<Fault | null>
  close(): Promise<void>
}

/** Starts a proxy for tables; the queue is reached directly. */
export async function startStorageProxy(connectionString: string): Promise<StorageProxy> {
  const endpoint = /TableEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? ''
  const server = createServer((incoming, answer) => {
    handle(new URL(endpoint), proxy, incoming, answer).catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const proxy: StorageProxy = {
    connectionString: connectionString.replace(
      endpoint,
      `http://127.0.0.1:${port}${new URL(endpoint).pathname}`,
    ),
    decide: () => null,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}

async function handle(
  target: URL,
  proxy: StorageProxy,
  incoming: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const body = await text(incoming)
  const { method = 'GET', url = '/' } = incoming
  const fault = await proxy.decide(method, url, body)
  if (fault === 'refuse') {
    incoming.socket.destroy()
    return
  }
  if (typeof fault === 'number') {
    answer.writeHead(fault).end()
    return
  }
  const upstream = await forward(target, incoming, body)
  if (fault === 'lose') incoming.socket.destroy()
  else if (fault === null) answer.writeHead(upstream.status, upstream.headers).end(upstream.body)
}

function forward(target: URL, incoming: IncomingMessage, body: string) {
  const { method, url, headers } = incoming
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    headers: IncomingMessage['headers']
    body: string
  }>()
  const { hostname, port } = target
  const outgoing = request({ hostname, port, method, path: url, headers }, (answer) => {
    text(answer).then(
      (answered) =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answered }),
      reject,
    )
  })
  outgoing.once('error', reject)
  outgoing.end(body)
  return promise
}
