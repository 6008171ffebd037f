import * as z from 'zod'
import type { RunMessage } from '../core/ports.ts'

const runMessageSchema = z.object({
  tenant: z.string().optional(),
  runId: z.string().min(1),
  staleMark: z.string().exactOptional(),
  waitedUntil: z.string().exactOptional(),
})

/**
 * A queue message as the host gives it: text, or JSON that it has parsed already.
 * @param tenant the partition of the app that reads it
 * @returns the message, or in words why it is none for this app
 */
export function parseRunMessage(item: unknown, tenant: string): RunMessage | string {
  const parsed = runMessageSchema.safeParse(typeof item === 'string' ? parseJson(item) : item)
  if (!parsed.success) return 'a queue message names no run'
  const { tenant: named, ...message } = parsed.data
  if (named !== undefined && named !== tenant) {
    // `resumeRuns` of the other app sends another one.
    return `a queue message is for tenant ${named}: give each app a storage account of its own`
  }
  return message
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
