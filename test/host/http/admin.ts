import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerEmpty, answerJson } from './answer.ts'
import { readBody } from './body.ts'

/** What the host offers to its administrator. */
export interface AdminApi {
  readonly hostId: string
  /**
   * Starts one invocation of a function that is not triggered by HTTP. `input` is the text of a queue message.
   * @returns false when there is no such function
   */
  readonly trigger: (name: string, input: string | null) => boolean
}

const inputLimit = 1_048_576

/** `GET /admin/host/status` and `POST /admin/functions/<name>`, as the real host has them. The caller asked for the key. */
export async function answerAdmin(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  api: AdminApi,
): Promise<void> {
  if (path === '/admin/host/status' && request.method === 'GET') {
    answerJson(response, 200, {
      id: api.hostId,
      state: 'Running',
      version: 'local',
      processUptime: Math.round(process.uptime() * 1000),
    })
    return
  }
  const name = /^\/admin\/functions\/([\w-]+)$/i.exec(path)?.[1]
  if (name === undefined || request.method !== 'POST') {
    answerEmpty(response, 404)
    return
  }
  const body = await readBody(request, inputLimit)
  const input = body === null ? undefined : parseInput(body.toString())
  if (input === undefined) answerEmpty(response, 400, { connection: 'close' })
  else answerEmpty(response, api.trigger(name, input) ? 202 : 404)
}

/** The body is `{}` or `{ "input": "…" }`. @returns `undefined` for anything else */
function parseInput(text: string): string | null | undefined {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    if (!('input' in value) || value.input === null) return null
    return typeof value.input === 'string' ? value.input : undefined
  } catch {
    return undefined
  }
}
