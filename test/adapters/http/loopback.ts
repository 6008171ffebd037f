import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** One request as a hand-written server sees it. */
export interface Received {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** What it answers; an object as body is sent as JSON. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: unknown
  readonly delayMs?: number
  /** Cuts the connection instead of answering. */
  readonly cut?: boolean
}

export interface Loopback {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly received: readonly Received[]
  /** Most requests that were being answered at once. */
  readonly maxInFlight: () => number
}

type Answer = (request: Received, number: number) => Reply | Promise<Reply>

/** Starts a server on loopback for one test; `answer` gets each request and its number, from 1. */
export async function loopback(answer: Answer): Promise<Loopback> {
  const received: Received[] = []
  let inFlight = 0
  let most = 0
  const server = createServer((request, response) => {
    inFlight += 1
    most = Math.max(most, inFlight)
    serve(request, response, received, answer)
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
      .finally(() => {
        inFlight -= 1
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, received, maxInFlight: () => most }
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  received: Received[],
  answer: Answer,
): Promise<void> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  const { method = '', url: path = '', headers } = incoming
  const request = { method, path, headers, text }
  received.push(request)
  const reply = await answer(request, received.length)
  if (reply.delayMs !== undefined) await sleep(reply.delayMs)
  if (reply.cut === true) {
    incoming.socket.destroy()
    return
  }
  const { body = '' } = reply
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  response.writeHead(reply.status ?? 200, {
    ...(isRaw ? {} : { 'content-type': 'application/json' }),
    ...(reply.headers as Record<string, string | string[]>),
  })
  response.end(isRaw ? body : JSON.stringify(body))
}
