/** A server on loopback that answers as it is told and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  /** Path and query, decoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
}

/** `hang`: never answers; `cut`: closes the connection; `half`: breaks off within the body. */
export type Reply =
  | 'hang'
  | 'cut'
  | 'half'
  | {
      readonly status: number
      /** A string as it is, anything else as JSON; absent = no body. */
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }

export interface ScriptedServer {
  readonly url: string
  readonly asked: Asked[]
  close(): Promise<void>
}

export async function startScripted(answer: (asked: Asked) => Reply): Promise<ScriptedServer> {
  const asked: Asked[] = []
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const call = askedOf(request, (await request.setEncoding('utf8').toArray()).join(''))
    asked.push(call)
    give(answer(call), request, response)
  }
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/scim/v2`,
    asked,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function askedOf(request: IncomingMessage, text: string): Asked {
  return {
    method: request.method ?? '',
    path: decodeURIComponent(request.url ?? ''),
    headers: request.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

function give(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  if (reply === 'hang') return
  if (reply === 'cut') {
    request.socket.destroy()
  } else if (reply === 'half') {
    response.writeHead(200, { 'content-length': '1000' }).write('{')
    setTimeout(() => request.socket.destroy(), 5)
  } else {
    const { status, body = '', headers = {} } = reply
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}
