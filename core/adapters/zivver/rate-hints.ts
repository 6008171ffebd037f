/** What an answer tells about the rate limit: headers of draft-polli-ratelimit-headers-02, and the body of a 429 (reference zivver 6.5). */
import * as z from 'zod'
import type { RateLimit } from '../../config.ts'
import { type HttpAnswer, parseJson } from '../http/http-client.ts'
import { retryAfterSeconds } from '../http/retry-timing.ts'

export interface RateHints {
  /** The limits that the server names with their windows. */
  readonly quotas: readonly RateLimit[]
  /** `RateLimit-Remaining` until `RateLimit-Reset`. */
  readonly remaining: { readonly calls: number; readonly resetSeconds: number } | null
  /** How long a refused call is to wait; `null` = not refused, or the server does not say. */
  readonly waitSeconds: number | null
}

const noHints: RateHints = { quotas: [], remaining: null, waitSeconds: null }

const limitBody = z.object({
  emptiedBucketDetails: z.object({
    budget: z.number().positive(),
    windowSeconds: z.number().positive(),
  }),
})

/** True for the answers that say "not executed, come back later". */
export function isRefusal(status: number): boolean {
  return status === 429 || status === 503
}

/** Reads all hints of an answer; without any, everything is empty. */
export function readRateHints(
  answer: Pick<HttpAnswer, 'status' | 'headers' | 'text'>,
  now: Date,
): RateHints {
  const { headers, status } = answer
  const bucket = status === 429 ? bucketOf(answer.text) : null
  const quotas = [...readQuotas(headers.get('ratelimit-limit')), ...(bucket ? [bucket] : [])]
  const reset = readNumber(headers.get('ratelimit-reset'))
  const calls = readNumber(headers.get('ratelimit-remaining'))
  if (!isRefusal(status) && quotas.length === 0 && calls === null) return noHints
  return {
    quotas,
    remaining: calls === null || reset === null ? null : { calls, resetSeconds: reset },
    waitSeconds: isRefusal(status)
      ? (retryAfterSeconds(headers.get('retry-after'), now) ?? reset ?? bucket?.seconds ?? null)
      : null,
  }
}

// `50` or `50, 10;window=1, 50;window=60`: without its window a number limits nothing, and `RateLimit-Remaining` does.
function readQuotas(header: string | null): readonly RateLimit[] {
  return (header ?? '').split(',').flatMap((item) => {
    const requests = readNumber(item.split(';')[0])
    const seconds = readNumber(/;\s*(?:window|w)\s*=\s*(\d+)/i.exec(item)?.[1])
    return requests === null || requests < 1 || !seconds ? [] : [{ requests, seconds }]
  })
}

function bucketOf(text: string): RateLimit | null {
  const parsed = limitBody.safeParse(parseJson(text))
  if (!parsed.success) return null
  const { budget, windowSeconds } = parsed.data.emptiedBucketDetails
  return { requests: Math.max(1, Math.floor(budget)), seconds: windowSeconds }
}

function readNumber(text: string | null | undefined): number | null {
  const trimmed = text?.trim() ?? ''
  return /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : null
}
