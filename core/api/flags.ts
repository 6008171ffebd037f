import * as z from 'zod'
import { boolean, isAddress } from '../config/values.ts'
import { byText } from '../model/address.ts'
import type { RunFlags } from '../model/run.ts'
import type { InputError } from './problem.ts'
import { runIdSchema } from './run.ts'

const flag = (description: string) =>
  z.boolean('must be true or false').optional().meta({ description })

/** The flags of `POST /api/runs` (contract, section 3). */
export const flagsSchema = z.strictObject({
  perform_sync: flag('Write. Without it the run is a preview and writes nothing.'),
  allow_large_sync: flag('Let this one run pass the large-change guard.'),
  reset_account_mapping: flag(
    'Plan as if no identifier were known, and link every account afresh by its address.',
  ),
  relink: z
    .array(
      z
        .string('must be an email address')
        .trim()
        .toLowerCase()
        .refine(isAddress, 'must be an email address'),
      'must be a list of addresses',
    )
    .optional()
    .meta({ description: 'Addresses whose account may pass to another mailbox.' }),
  approve_run: z.union([runIdSchema, z.null()], 'must be the id of a run').optional().meta({
    description:
      'An earlier preview or blocked run: apply exactly the changes that its plan and the fresh plan share. Needs `perform_sync`.',
  }),
})

const flagNames = Object.keys(flagsSchema.shape)

export type ParsedFlags =
  /** Only the flags that the request named: `approve_run` takes over the others. */
  | { readonly ok: true; readonly flags: Partial<RunFlags> }
  | { readonly ok: false; readonly errors: readonly InputError[] }

/**
 * Reads the flags of a request: from its JSON body or from its query, not from both.
 * @param body the parsed body, `undefined` when there is none
 */
export function parseFlags(body: unknown, query: URLSearchParams): ParsedFlags {
  const fromQuery = flagsOfQuery(query)
  const isInBody = body !== undefined && !isEmptyObject(body)
  if (isInBody && Object.keys(fromQuery).length > 0) {
    return failed('body', 'give the flags in the body or in the query, not in both')
  }
  const parsed = flagsSchema.safeParse(isInBody ? body : fromQuery)
  if (!parsed.success) return { ok: false, errors: parsed.error.issues.flatMap(errorsOf) }
  if (parsed.data.approve_run && parsed.data.perform_sync !== true) {
    return failed('approve_run', 'needs perform_sync: approving a plan means applying it')
  }
  return { ok: true, flags: named(parsed.data) }
}

function failed(name: string, message: string): ParsedFlags {
  return { ok: false, errors: [{ name, message }] }
}

function isEmptyObject(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    Object.keys(body).length === 0
  )
}

function named({ relink, ...flags }: z.output<typeof flagsSchema>): Partial<RunFlags> {
  const entries = Object.entries(flags).filter(([, value]) => value !== undefined)
  const addresses = relink && { relink: [...new Set(relink)].sort(byText) }
  return { ...Object.fromEntries(entries), ...addresses }
}

/** The query as a body would say it. `code` is the function key, which the host has checked already. */
function flagsOfQuery(query: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(query.keys())].filter((name) => name !== 'code')
  return Object.fromEntries(names.map((name) => [name, valueOf(name, query.getAll(name))]))
}

function valueOf(name: string, texts: readonly string[]): unknown {
  if (name === 'relink') {
    return texts.flatMap((text) => text.split(',')).filter((item) => item.trim() !== '')
  }
  const [text = '', ...more] = texts
  if (more.length > 0) return texts
  if (name === 'approve_run') return text
  const parsed = boolean.safeParse(text)
  return parsed.success ? parsed.data : text
}

function errorsOf(issue: z.core.$ZodIssue): InputError[] {
  if (issue.code === 'unrecognized_keys') {
    const message = `is not a flag; the flags are ${flagNames.join(', ')}`
    return issue.keys.map((name) => ({ name, message }))
  }
  const [name] = issue.path
  if (name === undefined) return [{ name: 'body', message: 'must be a JSON object of flags' }]
  return [{ name: String(name), message: issue.message }]
}
