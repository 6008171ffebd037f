import type { ServerResponse } from 'node:http'

/** An answer of the host itself: a status and nothing else. Does nothing when an answer has begun. */
export function answerEmpty(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) return
  response.writeHead(status, { 'content-length': '0', ...headers })
  response.end()
}

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) return
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}
