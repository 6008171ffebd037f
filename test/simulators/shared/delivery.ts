import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, jsonAnswer, textAnswer } from './call.ts'
import type { FaultAction } from './fault-rule.ts'

/** Sends an answer whole. */
export function deliver(response: ServerResponse, answer: Answer): void {
  const body = bytesOf(answer)
  writeHead(response, answer, body.length)
  response.end(body)
}

/**
 * Does to the caller what the fault says.
 * @param normal the simulator's own answer; `null` when the fault kept the call from being worked on
 * @returns the status that was sent, 0 for none
 */
export async function deliverFault(
  response: ServerResponse,
  fault: FaultAction,
  normal: Answer | null,
): Promise<number> {
  const answer = fault.kind === 'answer' ? answerOfFault(fault) : (normal ?? { status: 200 })
  if (fault.kind === 'hang') return 0
  if (fault.kind === 'close') {
    response.destroy()
    return 0
  }
  if (fault.kind === 'delay') await sleep(fault.ms)
  if (response.destroyed) return 0
  if (fault.kind === 'slow') await deliverSlowly(response, answer, fault.ms, fault.chunks ?? 10)
  else if (fault.kind === 'truncate') deliverPart(response, answer, fault.bytes, 'close')
  else if (fault.kind === 'stall') deliverPart(response, answer, fault.bytes, 'stay open')
  else deliver(response, answer)
  return answer.status
}

function deliverPart(
  response: ServerResponse,
  answer: Answer,
  bytes: number,
  then: 'close' | 'stay open',
): void {
  const body = bytesOf(answer)
  writeHead(response, answer, body.length)
  response.write(body.subarray(0, bytes), () => {
    if (then === 'close') response.destroy()
  })
}

/** The answer that an `answer` fault puts in the place of the normal one. */
export function answerOfFault(fault: Extract<FaultAction, { kind: 'answer' }>): Answer {
  const headers: Record<string, string> = { ...fault.headers }
  if (fault.retryAfter !== undefined) headers['Retry-After'] = String(fault.retryAfter)
  if (fault.body === undefined) return { status: fault.status, headers }
  if (typeof fault.body === 'string') return textAnswer(fault.status, fault.body, headers)
  return jsonAnswer(fault.status, fault.body, headers)
}

async function deliverSlowly(response: ServerResponse, answer: Answer, ms: number, chunks: number) {
  const body = bytesOf(answer)
  writeHead(response, answer, body.length)
  const size = Math.max(1, Math.ceil(body.length / chunks))
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    await sleep(ms / chunks)
    response.write(body.subarray(at, at + size))
  }
  response.end()
}

function writeHead(response: ServerResponse, answer: Answer, length: number): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length })
}

function bytesOf(answer: Answer): Buffer {
  const body = answer.body ?? ''
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
}
