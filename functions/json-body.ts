import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { inputProblem, problemAnswer } from './answers.ts'

const maxBytes = 64 * 1024

export type JsonBody =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly answer: HttpResponseInit }

/** The request's body as JSON, `undefined` when it is empty; a problem when it is too large or no JSON. */
export async function readJsonBody(request: HttpRequest): Promise<JsonBody> {
  const bytes = await readBounded(request)
  if (bytes === null) {
    return { ok: false, answer: problemAnswer(413, `The body is larger than ${maxBytes} bytes.`) }
  }
  const text = bytes.toString('utf8').trim()
  if (text === '') return { ok: true, body: undefined }
  try {
    return { ok: true, body: JSON.parse(text) as unknown }
  } catch {
    const message = 'must be JSON: an object of flags, sent as application/json'
    return { ok: false, answer: inputProblem([{ name: 'body', message }]) }
  }
}

async function readBounded(request: HttpRequest): Promise<Buffer | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return null
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
