import * as z from 'zod'
import type { RunMessage } from '../core/ports.ts'

const runMessageSchema = z.object({ runId: z.string().min(1), staleMark: z.string().optional() })

/** A queue message as the host gives it: text, or JSON that it has parsed already. `null` = not ours. */
export function parseRunMessage(item: unknown): RunMessage | null {
  const parsed = runMessageSchema.safeParse(typeof item === 'string' ? parseJson(item) : item)
  if (!parsed.success) return null
  const { runId, staleMark } = parsed.data
  return staleMark === undefined ? { runId } : { runId, staleMark }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
