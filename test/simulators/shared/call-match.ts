import * as z from 'zod'
import type { Tags } from './call.ts'

/**
 * Which calls a rule is about; what is left out matches everything.
 * `path` and `body` are regular expressions, case-insensitive; tags compare case-insensitively as a whole.
 */
export const callMatchSchema = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  body: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
})
export type CallMatch = z.infer<typeof callMatchSchema>

/** The part of a call that rules look at; also made for one item of a `$batch`. */
export interface Matchable {
  readonly method: string
  readonly path: string
  readonly rawBody: string
  readonly tags: Readonly<Tags>
}

/** Compiles a match once, for many calls. @throws SyntaxError for a bad regular expression */
export function compileMatch(match: CallMatch): (call: Matchable) => boolean {
  const method = match.method?.toUpperCase()
  const path = match.path === undefined ? null : new RegExp(match.path, 'i')
  const body = match.body === undefined ? null : new RegExp(match.body, 'i')
  const tags = Object.entries(match.tags ?? {}).map(([name, value]) => [name, value.toLowerCase()])
  return (call) =>
    (method === undefined || call.method === method) &&
    (path === null || path.test(call.path)) &&
    tags.every(([name, value]) => call.tags[name as string]?.toLowerCase() === value) &&
    (body === null || body.test(call.rawBody))
}
