import * as z from 'zod'
import { callMatchSchema } from './call-match.ts'

/**
 * What happens instead of, or to, the normal answer. `processed: true` lets the simulator do the work first, so
 * that only the answer is changed or lost.
 */
const faultActionSchema = z.discriminatedUnion('kind', [
  /** Another answer; an object body is sent as JSON. `retryAfter` in seconds. */
  z.strictObject({
    kind: z.literal('answer'),
    status: z.int(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    retryAfter: z.number().optional(),
    processed: z.boolean().optional(),
  }),
  /** The socket is destroyed; with `processed` after the work (the answer is lost), without it before. */
  z.strictObject({ kind: z.literal('close'), processed: z.boolean().optional() }),
  /** Accepted and never answered. */
  z.strictObject({ kind: z.literal('hang'), processed: z.boolean().optional() }),
  /** The normal answer, this much later. */
  z.strictObject({ kind: z.literal('delay'), ms: z.number() }),
  /** The normal answer, its body spread over `ms`. */
  z.strictObject({ kind: z.literal('slow'), ms: z.number(), chunks: z.int().optional() }),
  /** Status, headers and `bytes` of the body, then the socket is destroyed. */
  z.strictObject({ kind: z.literal('truncate'), bytes: z.int() }),
  /** Status, headers and `bytes` of the body, then silence on an open socket. */
  z.strictObject({ kind: z.literal('stall'), bytes: z.int() }),
])
export type FaultAction = z.infer<typeof faultActionSchema>

/**
 * A fault rule. A rule counts the calls it matches, from 1. It fires on the calls in `nth` (or from `from` on),
 * with `probability` where given, at most `times` times. Of several rules the first that fires wins.
 */
export const faultRuleSchema = z.strictObject({
  id: z.string().optional(),
  match: callMatchSchema.optional(),
  nth: z.union([z.int(), z.array(z.int())]).optional(),
  from: z.int().optional(),
  probability: z.number().min(0).max(1).optional(),
  times: z.int().optional(),
  action: faultActionSchema,
})
export type FaultRule = z.infer<typeof faultRuleSchema>

/** Actions that a test names by what they look like from outside. */
export const fault = {
  status: (status: number, body?: unknown, headers?: Record<string, string>): FaultAction => ({
    kind: 'answer',
    status,
    body,
    headers,
  }),
  throttled: (retryAfter?: number, status = 429): FaultAction => ({
    kind: 'answer',
    status,
    retryAfter,
  }),
  notJson: (body = '<html><body>Service unavailable</body></html>'): FaultAction => ({
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'text/html' },
    body,
  }),
  redirect: (location: string, status = 302): FaultAction => ({
    kind: 'answer',
    status,
    headers: { location },
  }),
  closedBefore: (): FaultAction => ({ kind: 'close' }),
  answerLost: (): FaultAction => ({ kind: 'close', processed: true }),
  neverAnswered: (): FaultAction => ({ kind: 'hang' }),
} as const
