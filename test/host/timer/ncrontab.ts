import { nextOccurrences, parseSchedule } from '../../../core/config/schedule.ts'

/** A schedule of a timer trigger, in UTC. */
export interface Schedule {
  /** The first occurrence after the moment, never the moment itself. */
  next(after: Date): Date
}

/** Parses NCRONTAB as strictly as Azure does. @throws Error that names the field at fault */
export function parseNcrontab(expression: string): Schedule {
  const checked = parseSchedule(expression)
  if (!checked.ok) throw new Error(`the schedule "${expression}" ${checked.message}`)
  const next = (after: Date) => {
    const [found] = nextOccurrences(checked.schedule, after, 1)
    if (found === undefined) throw new Error(`the schedule "${expression}" never occurs`)
    return found
  }
  return { next }
}

/** True when the schedule occurs more than once within a minute: the host then keeps no status of the timer. */
export function isSubMinute(schedule: Schedule, now: Date): boolean {
  const second = schedule.next(schedule.next(now))
  return second.getTime() - now.getTime() <= 60_000
}
