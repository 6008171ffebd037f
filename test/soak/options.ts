import { parseArgs } from 'node:util'
import * as z from 'zod'

export interface SoakOptions {
  /** How long worlds are begun and go on; each ends with the calm of its round. */
  readonly minutes: number
  /** Of the first world; each further one has the next number. */
  readonly seed: number
  /** Only the world of this seed is played, and everything that happens in it is told. */
  readonly isReplay: boolean
  /** How many worlds there are at once. */
  readonly worlds: number
}

const schema = z.object({
  minutes: z.coerce
    .number()
    .positive()
    .max(24 * 60)
    .default(10),
  seed: z.coerce.number().int().positive().optional(),
  from: z.coerce
    .number()
    .int()
    .positive()
    .default(() => Date.now() % 1_000_000_000),
  worlds: z.coerce.number().int().min(1).max(16).default(3),
})

/** @throws Error that names what is wrong */
export function readOptions(args: readonly string[]): SoakOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: text, seed: text, from: text, worlds: text },
  })
  const parsed = schema.safeParse(values)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`)
    throw new Error(faults.join('; '))
  }
  const { minutes, seed, from, worlds } = parsed.data
  return { minutes, seed: seed ?? from, isReplay: seed !== undefined, worlds }
}
