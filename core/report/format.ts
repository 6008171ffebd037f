/** Numbers and times as a reader of the report's language writes them. Pure: the zone is given, never the machine's. */
import type { ReportInput } from './input.ts'

export interface Formats {
  readonly number: (value: number) => string
  /** `part` of `whole`, as in `22.2 %`. */
  readonly percent: (part: number, whole: number) => string
  /** In UTC and in the zone: `Mon 23 Nov 2026, 01:04 UTC (02:04 Europe/Amsterdam)`. */
  readonly moment: (date: Date) => string
  /** The day in the zone: `23 Nov`. */
  readonly day: (date: Date) => string
  /** As in `4 min 12 s`. */
  readonly duration: (seconds: number) => string
  readonly bytes: (size: number) => string
  /** US dollars with the digits that matter, as in `$0.0021`. */
  readonly dollars: (amount: number) => string
  readonly list: (items: readonly string[]) => string
}

const locales = { en: 'en-GB', nl: 'nl-NL' } as const

export function formatsOf({
  language,
  timeZone,
}: Pick<ReportInput, 'language' | 'timeZone'>): Formats {
  const locale = locales[language]
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const dollars = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    number: (value) => number.format(value),
    percent: (part, whole) => (whole === 0 ? '–' : `${number.format((100 * part) / whole)} %`),
    moment: momentFormat(locale, timeZone),
    day: (date) =>
      new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' }).format(date),
    duration: durationOf,
    bytes: (size) =>
      size < 1_000_000
        ? `${number.format(Math.ceil(size / 1000))} kB`
        : `${number.format(size / 1_000_000)} MB`,
    dollars: (amount) => `$${dollars.format(amount)}`,
    list: (items) => list.format(items),
  }
}

function momentFormat(locale: string, timeZone: string): (date: Date) => string {
  const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const partOf = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)
  const utcDay = partOf({ ...day, timeZone: 'UTC' })
  const utcTime = partOf({ ...time, timeZone: 'UTC' })
  const localDay = partOf({ ...day, timeZone })
  const localTime = partOf({ ...time, timeZone })
  const shortDay = partOf({ weekday: 'short', day: 'numeric', month: 'short', timeZone })
  return (date) => {
    const isSameDay = utcDay.format(date) === localDay.format(date)
    const local = isSameDay
      ? localTime.format(date)
      : `${shortDay.format(date)}, ${localTime.format(date)}`
    const utc = `${utcDay.format(date)}, ${utcTime.format(date)} UTC`
    return timeZone === 'UTC' ? utc : `${utc} (${local} ${timeZone})`
  }
}

function durationOf(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`
}

/** Number of midnights in the zone between two moments: 0 on the same day. */
export function daysBetween(from: Date, to: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone })
  const midnight = (date: Date): number => Date.parse(`${parts.format(date)}T00:00:00Z`)
  return Math.round((midnight(to) - midnight(from)) / 86_400_000)
}
