import { nextOccurrences, parseSchedule } from '../config/schedule.ts'

const shown = 5

/**
 * The next five runs in UTC and in the administrator's zone: `Sat 27 Mar 01:00 UTC (02:00 Europe/Amsterdam), …`. The
 * schedule is in UTC, so that runs move by an hour where the clocks change: said where it happens.
 */
export function nextRunsText(schedule: string, timeZone: string, now: Date): string {
  const check = parseSchedule(schedule)
  const moments = check.ok ? nextOccurrences(check.schedule, now, shown) : []
  const utc = formatter('UTC', { weekday: 'short', day: 'numeric', month: 'short' })
  const local = formatter(timeZone, {})
  const localDay = formatter(timeZone, { weekday: 'short' })
  const utcDay = formatter('UTC', { weekday: 'short' })
  const runs = moments.map((moment, index) => {
    const isSameDay = localDay(moment).startsWith(utcDay(moment).slice(0, 3))
    const there = isSameDay ? local(moment) : localDay(moment)
    return `${utc(moment)} UTC (${there}${index === 0 ? ` ${timeZone}` : ''})`
  })
  const offsets = new Set(moments.map((moment) => offsetOf(moment, timeZone)))
  const change =
    offsets.size > 1 ? ` The clocks of ${timeZone} change in between; runs keep to UTC.` : ''
  return `The next ${moments.length}: ${runs.join(', ')}.${change}`
}

function formatter(timeZone: string, day: Intl.DateTimeFormatOptions): (moment: Date) => string {
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const format = new Intl.DateTimeFormat('en-GB', { ...day, ...time, timeZone })
  return (moment) => format.format(moment).replaceAll(',', '')
}

/** As in `GMT+2`. */
function offsetOf(moment: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    timeZoneName: 'longOffset',
  }).formatToParts(moment)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
