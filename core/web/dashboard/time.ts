/** Times in the zone of the browser, with UTC beside them; durations. */
import { element } from '../shared/element.ts'

const local = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const utc = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const utcTime = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  hour: '2-digit',
  minute: '2-digit',
})

/** `23 Nov, 02:04 (01:04 UTC)`, or `23 Nov, 01:04 UTC` in a browser that keeps UTC; the whole moment as a title. */
export function timeElement(moment: string): HTMLElement {
  const date = new Date(moment)
  if (Number.isNaN(date.getTime())) return element('span', { text: moment })
  return element('time', {
    text:
      date.getTimezoneOffset() === 0
        ? `${local.format(date)} UTC`
        : `${local.format(date)} (${utcTime.format(date)} UTC)`,
    attributes: { datetime: moment, title: `${utc.format(date)} UTC` },
  })
}

const momentPattern = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g

/** A sentence of the API, its moments readable. */
export function withTimes(text: string): Node[] {
  const parts: Node[] = []
  let end = 0
  for (const found of text.matchAll(momentPattern)) {
    parts.push(document.createTextNode(text.slice(end, found.index)), timeElement(found[0]))
    end = found.index + found[0].length
  }
  parts.push(document.createTextNode(text.slice(end)))
  return parts
}

/** As in `4 min 12 s`; `''` for a run that has not begun. */
export function durationText(from: string | null, to: string | null): string {
  if (from === null) return ''
  const seconds = Math.max(
    0,
    Math.round(((to ? Date.parse(to) : Date.now()) - Date.parse(from)) / 1000),
  )
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
