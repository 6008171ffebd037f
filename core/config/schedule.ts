/**
 * NCRONTAB with seconds, as the Azure Functions timer reads it: six fields, `* , - /` and English names, weekday 0-6,
 * and both day fields must match. croner accepts more (`L`, `#`, `@daily`, 7 for Sunday), so the expression is
 * checked and rewritten to plain numbers here before croner sees it (reference/local-azure.md, section 1).
 */
import { Cron } from 'croner'

export const defaultSchedule = '0 0 1 * * *'

const monthNames =
  'january february march april may june july august september october november december'
const dayNames = 'sunday monday tuesday wednesday thursday friday saturday'

interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
}

const fields = [
  { name: 'second', min: 0, max: 59, names: [] },
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: monthNames.split(' ') },
  { name: 'day of the week', min: 0, max: 6, names: dayNames.split(' ') },
] as const satisfies readonly Field[]

/** A schedule that was checked: for each of the six fields the numbers that match. */
export interface Schedule {
  readonly text: string
  readonly matches: readonly (readonly number[])[]
}

export type ScheduleCheck =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly message: string }

/** Checks an NCRONTAB expression; the message says which field is wrong. */
export function parseSchedule(text: string): ScheduleCheck {
  const parts = text.trim().split(/\s+/)
  if (parts.length !== fields.length) {
    return { ok: false, message: `must have six fields, seconds first, as in "${defaultSchedule}"` }
  }
  const matches: number[][] = []
  for (const [index, field] of fields.entries()) {
    const numbers = matchesOf(field, parts[index] ?? '')
    if (numbers === null) {
      return {
        ok: false,
        message: `has a wrong ${field.name} field: only numbers ${field.min}-${field.max}${field.names.length > 0 ? ', English names' : ''} and the signs * , - / are known`,
      }
    }
    matches.push(numbers)
  }
  const schedule = { text: parts.join(' '), matches }
  return nextOccurrences(schedule, new Date(), 1).length === 1
    ? { ok: true, schedule }
    : { ok: false, message: 'names a day that never comes' }
}

/** The next `count` moments after `from`, in UTC. */
export function nextOccurrences(schedule: Schedule, from: Date, count: number): Date[] {
  const pattern = schedule.matches.map((numbers) => numbers.join(',')).join(' ')
  return new Cron(pattern, { timezone: 'UTC', domAndDow: true }).nextRuns(count, from)
}

const dayMs = 86_400_000

/**
 * The longest time between two occurrences in the year after `from`, in milliseconds, where it is a day or more;
 * 0 for a schedule that never pauses for a day.
 */
export function longestGapMs(schedule: Schedule, from: Date): number {
  const days = activeDays(schedule, from)
  const apart = days.map((day, index) => day - (days[index - 1] ?? day))
  const gap = Math.max(...apart) - (lastMomentOfDay(schedule) - firstMomentOfDay(schedule))
  return gap >= dayMs ? gap : 0
}

const leastSuccessLimitMs = 36 * 3_600_000

/**
 * How long the time between two successful runs may be, in milliseconds: 36 hours, or one and a half times the longest
 * gap of the schedule.
 */
export function successLimitMs(text: string, now: Date): number {
  const check = parseSchedule(text)
  return Math.max(leastSuccessLimitMs, check.ok ? 1.5 * longestGapMs(check.schedule, now) : 0)
}

/** Midnights of the days on which a schedule fires, from `from` until a year has passed; two at least. */
function activeDays(schedule: Schedule, from: Date): number[] {
  const midnights = { ...schedule, matches: [[0], [0], [0], ...schedule.matches.slice(3)] }
  const days: number[] = []
  let last: Date | undefined = from
  while (last !== undefined && (days.length < 2 || last.getTime() < from.getTime() + 366 * dayMs)) {
    last = nextOccurrences(midnights, last, 1)[0]
    if (last !== undefined) days.push(last.getTime())
  }
  return days
}

function firstMomentOfDay({ matches: [seconds, minutes, hours] }: Schedule): number {
  return momentOfDay(hours?.at(0), minutes?.at(0), seconds?.at(0))
}

function lastMomentOfDay({ matches: [seconds, minutes, hours] }: Schedule): number {
  return momentOfDay(hours?.at(-1), minutes?.at(-1), seconds?.at(-1))
}

function momentOfDay(hour = 0, minute = 0, second = 0): number {
  return ((hour * 60 + minute) * 60 + second) * 1000
}

/** The numbers a field matches, ascending; `null` when the field cannot be read. */
function matchesOf(field: Field, text: string): number[] | null {
  const numbers = new Set<number>()
  for (const item of text.split(',')) {
    const range = rangeOf(field, item)
    if (range === null) return null
    for (let value = range.from; value <= range.to; value += range.step) numbers.add(value)
  }
  return [...numbers].sort((left, right) => left - right)
}

/** One item of a field: `*`, `5`, `5-9`, each with or without `/step`; `5/10` runs from 5 to the field's end. */
function rangeOf(field: Field, item: string): { from: number; to: number; step: number } | null {
  const parts = /^(?:(\*)|([a-z]+|\d{1,2})(?:-([a-z]+|\d{1,2}))?)(?:\/(\d{1,2}))?$/i.exec(item)
  if (parts === null) return null
  const [, star, first, last, every] = parts
  const step = every === undefined ? 1 : Number(every)
  const from = star === undefined ? valueOf(field, first ?? '') : field.min
  const to =
    star !== undefined || (last === undefined && every !== undefined)
      ? field.max
      : valueOf(field, last ?? first ?? '')
  if (from === null || to === null || from > to || step === 0) return null
  return { from, to, step }
}

function valueOf(field: Field, text: string): number | null {
  if (/^\d+$/.test(text)) {
    const value = Number(text)
    return value >= field.min && value <= field.max ? value : null
  }
  const index =
    text.length < 3 ? -1 : field.names.findIndex((name) => name.startsWith(text.toLowerCase()))
  return index === -1 ? null : index + field.min
}
