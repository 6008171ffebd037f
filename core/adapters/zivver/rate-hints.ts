/** What an answer tells about the rate limit: headers of draft-polli-ratelimit-headers-02, and the body of a 429 (reference zivver 6.5). */
import * as z from 'zod'
import { type HttpAnswer, parseJson } from '../http/http-client.ts'
import { retryAfterSeconds } from '../http/retry-timing.ts'

export interface Quota {
  readonly calls: number
  /** `null` = the server does not say over how long. */
  readonly seconds: number | null
}

export interface RateHints {
  /** The limits that the server names, strictest or not. */
  readonly quotas: readonly Quota[]
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

// `50` or `50, 10;window=1, 50;window=60`: the first is the limit that applies now, the others are the policies.
function readQuotas(header: string | null): readonly Quota[] {
  if (header === null) return []
  const items = header.split(',').map((item) => ({
    calls: readNumber(item.split(';')[0] ?? null),
    seconds: readNumber(/;\s*(?:window|w)\s*=\s*(\d+)/i.exec(item)?.[1] ?? null),
  }))
  const quotas = items.flatMap(({ calls, seconds }) =>
    calls === null || calls < 1 ? [] : [{ calls, seconds }],
  )
  const policies = quotas.filter(({ seconds }) => seconds !== null)
  return policies.length > 0 ? policies : quotas.slice(0, 1)
}

function bucketOf(text: string): { readonly calls: number; readonly seconds: number } | null {
  const parsed = limitBody.safeParse(parseJson(text))
  if (!parsed.success) return null
  const { budget, windowSeconds } = parsed.data.emptiedBucketDetails
  return { calls: Math.max(1, Math.floor(budget)), seconds: windowSeconds }
}

function readNumber(text: string | null): number | null {
  const trimmed = text?.trim() ?? ''
  return /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : null
}
