import * as z from 'zod'
import type { Schedule } from './ncrontab.ts'

/** When a timer ran last and is due next, as the real host stores it in `azure-webjobs-hosts`. */
export interface ScheduleStatus {
  /** `null` = it never ran. */
  readonly last: Date | null
  readonly next: Date
  /** The moment `next` was computed from. */
  readonly lastUpdated: Date
}

/** .NET's `default(DateTime)`: "never". */
const never = '0001-01-01T00:00:00'

const moment = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()))
const stored = z.object({ Last: moment, Next: moment, LastUpdated: moment })

/** The status of a timer that has none yet. */
export function initialStatus(schedule: Schedule, now: Date): ScheduleStatus {
  return { last: null, next: schedule.next(now), lastUpdated: now }
}

/**
 * What a host that starts makes of the stored status: past due when the stored `next` went by. A status that another
 * schedule has left is computed anew and is not past due, unless the new schedule was missed too.
 */
export function checkPastDue(
  status: ScheduleStatus,
  schedule: Schedule,
  now: Date,
): { readonly status: ScheduleStatus; readonly isPastDue: boolean } {
  const expected = schedule.next(status.last ?? status.lastUpdated)
  if (expected.getTime() !== status.next.getTime()) {
    const next = now > expected ? schedule.next(now) : expected
    return { status: { last: null, next, lastUpdated: now }, isPastDue: false }
  }
  return { status, isPastDue: now > status.next }
}

/** Why a timer function is run. */
export type Occasion = 'schedule' | 'past_due' | 'startup'

/** The status after an invocation that began at `began`; a failed one moves it likewise. */
export function statusAfter(
  status: ScheduleStatus,
  schedule: Schedule,
  began: Date,
  occasion: Occasion,
): ScheduleStatus {
  // A clock may go off a few milliseconds early: without this the timer would be due a second time at the same `next`.
  const at = occasion === 'schedule' && status.next > began ? status.next : began
  return { last: at, next: schedule.next(at), lastUpdated: at }
}

/** As it is stored and as a function sees it, in PascalCase. */
export function formatStatus(
  status: ScheduleStatus,
): Record<'Last' | 'Next' | 'LastUpdated', string> {
  return {
    Last: status.last?.toISOString() ?? never,
    Next: status.next.toISOString(),
    LastUpdated: status.lastUpdated.toISOString(),
  }
}

/** @returns `null` for a text that is no status */
export function parseStatus(text: string): ScheduleStatus | null {
  const parsed = stored.safeParse(parseJson(text))
  if (!parsed.success) return null
  const { Last, Next, LastUpdated } = parsed.data
  return { last: Last.getUTCFullYear() <= 1 ? null : Last, next: Next, lastUpdated: LastUpdated }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
