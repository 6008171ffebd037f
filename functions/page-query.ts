import type { HttpRequest } from '@azure/functions'
import * as z from 'zod'
import { decodeContinuation, defaultLimit, limitSchema } from '../core/api/paging.ts'
import type { InputError } from '../core/api/problem.ts'

export type ParsedQuery<T> =
  | { readonly ok: true; readonly query: T }
  | { readonly ok: false; readonly errors: readonly InputError[] }

/** The query of a request by a schema of texts; other parameters are ignored. */
export function parseQuery<T extends z.ZodType>(
  request: HttpRequest,
  schema: T,
): ParsedQuery<z.output<T>> {
  const parsed = schema.safeParse(Object.fromEntries(request.query))
  if (parsed.success) return { ok: true, query: parsed.data }
  const errors = parsed.error.issues.map(({ path, message }) => ({
    name: String(path[0] ?? 'query'),
    message,
  }))
  return { ok: false, errors }
}

export const limitParameter = limitSchema.default(defaultLimit)

/** A continuation that belongs to a list: decoded to the store's own token. */
export function continuationParameter(scope: string) {
  return z
    .string()
    .transform((text, context) => {
      const token = decodeContinuation(scope, text)
      if (token !== null) return token
      context.addIssue('is not a continuation of this list')
      return z.NEVER
    })
    .optional()
}
