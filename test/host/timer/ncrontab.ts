import { Cron } from 'croner'

/** A schedule of a timer trigger, in UTC. */
export interface Schedule {
  readonly expression: string
  /** The first occurrence after the moment, never the moment itself. */
  next(after: Date): Date
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const weekdays = 'sun mon tue wed thu fri sat'.split(' ')

interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const fields: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of week', min: 0, max: 6, names: weekdays },
]

/**
 * Parses NCRONTAB as the timer trigger takes it: six fields, seconds first, `*`, numbers, three-letter names, `-`, `,`
 * and `/`. Cron libraries take more (`L`, `#`, `?`, `@daily`, 7 for Sunday, five fields), which Azure refuses, so each
 * field is checked here and croner only computes. Day and day of week must both match (reference local-azure, 1).
 * @throws Error that names the field at fault
 */
export function parseNcrontab(expression: string): Schedule {
  const parts = expression.trim().split(/\s+/)
  if (parts.length !== fields.length) {
    throw new Error(`"${expression}" has ${parts.length} fields; NCRONTAB has six, seconds first`)
  }
  const normal = fields.map((field, index) => parseField(field, parts[index] ?? '')).join(' ')
  const cron = new Cron(normal, { timezone: 'UTC', domAndDow: true, paused: true })
  const next = (after: Date) => {
    const found = cron.nextRun(after)
    if (found === null) throw new Error(`"${expression}" never occurs`)
    return found
  }
  next(new Date())
  return { expression, next }
}

/** True when the schedule occurs more than once within a minute: the host then keeps no status of the timer. */
export function isSubMinute(schedule: Schedule, now: Date): boolean {
  const second = schedule.next(schedule.next(now))
  return second.getTime() - now.getTime() <= 60_000
}

function parseField(field: Field, text: string): string {
  return text
    .split(',')
    .map((item) => parseItem(field, item))
    .join(',')
}

function parseItem(field: Field, item: string): string {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item)
  if (match === null) throw fault(field, item)
  const [, star, first, last, step] = match
  if (step !== undefined && Number(step) === 0) throw fault(field, item)
  const suffix = step === undefined ? '' : `/${Number(step)}`
  if (star !== undefined) return `*${suffix}`
  const from = valueOf(field, first ?? '', item)
  // `5/15` runs from 5 to the end of the field.
  const to = last !== undefined ? valueOf(field, last, item) : step === undefined ? from : field.max
  if (to < from) throw fault(field, item)
  return to === from ? String(from) : `${from}-${to}${suffix}`
}

function valueOf(field: Field, text: string, item: string): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1
  const value = named >= 0 ? named + field.min : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= field.min && value <= field.max)) throw fault(field, item)
  return value
}

function fault(field: Field, item: string): Error {
  return new Error(`"${item}" is no ${field.name} (${field.min} to ${field.max}) in NCRONTAB`)
}
