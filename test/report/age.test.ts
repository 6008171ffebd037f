import { describe, expect, test } from 'vitest'
import { formatsOf } from '../../core/report/format.ts'
import { buildMail } from '../../core/report/mail.ts'
import { aHistory, anInput, aRun, hoursAgo, now } from './sample.ts'

const blocked = aRun({ status: 'blocked' })

function subject(part: Parameters<typeof anInput>[0]): string {
  return buildMail(anInput(part)).subject
}

describe('the age of a problem', () => {
  test('story 30: the age of a problem is none on its first day, and grows by one each day of the zone until a run succeeds', () => {
    expect(subject({ run: blocked })).toMatch(/: BLOCKED: /)
    expect(subject({ run: blocked, history: aHistory(5, { status: 'blocked' }) })).toMatch(
      /BLOCKED day 5/,
    )
  })

  test('counts from the first run that ended like this, not from other endings', () => {
    const history = [
      aRun({ id: 'a', status: 'cancelled', started_at: hoursAgo(24), requested_at: hoursAgo(24) }),
      aRun({ id: 'b', status: 'blocked', started_at: hoursAgo(48), requested_at: hoursAgo(48) }),
      aRun({ id: 'c', status: 'failed', started_at: hoursAgo(72), requested_at: hoursAgo(72) }),
      aRun({ id: 'd', finished_at: hoursAgo(96) }),
    ]
    expect(subject({ run: blocked, history })).toMatch(/BLOCKED day 3.* · no success for 4 days/)
  })

  test('is said in the subject once no run succeeded for 36 hours', () => {
    const last = (hours: number) => [aRun({ id: 'last', finished_at: hoursAgo(hours) })]
    expect(subject({ run: blocked, history: last(35.9) })).not.toContain('no success')
    expect(subject({ run: blocked, history: last(36.1) })).toContain('no success for 2 days')
  })

  test('waits one and a half times the longest gap of a schedule that rests at weekends', () => {
    const history = [aRun({ id: 'last', finished_at: hoursAgo(100) })]
    const weekdays = '0 0 1 * * 1-5'
    expect(subject({ run: blocked, history, schedule: weekdays })).not.toContain('no success')
    expect(subject({ run: blocked, history })).toContain('no success for 5 days')
  })

  test('does not take a preview by hand for a success where scheduled runs write', () => {
    const history = [
      aRun({ id: 'preview', mode: 'preview', trigger: 'manual', finished_at: hoursAgo(1) }),
      aRun({ id: 'sync', finished_at: hoursAgo(50) }),
    ]
    expect(subject({ run: blocked, history })).toContain('no success')
    expect(subject({ run: blocked, history, performSync: false })).not.toContain('no success')
  })

  test('is not that of the previews, once PERFORM_SYNC is switched on: the last of them was a success', () => {
    const history = [1, 25, 49].map((hours) =>
      aRun({ id: `p${hours}`, mode: 'preview', finished_at: hoursAgo(hours) }),
    )
    expect(subject({ run: blocked, history })).not.toContain('no success')
    expect(subject({ run: blocked, history: history.slice(2) })).toContain('no success for 2 days')
  })
})

describe('times', () => {
  test('are shown in UTC and in the zone, with the day where it is another one', () => {
    const { moment } = formatsOf({ language: 'en', timeZone: 'Europe/Amsterdam' })
    expect(moment(now)).toBe('Mon, 23 Nov 2026, 01:04 UTC (02:04 Europe/Amsterdam)')
    expect(moment(new Date('2026-11-22T23:30:00Z'))).toBe(
      'Sun, 22 Nov 2026, 23:30 UTC (Mon 23 Nov, 00:30 Europe/Amsterdam)',
    )
  })

  test('story 28: the local times in a mail follow the clock change of the zone, while UTC stays', () => {
    const { moment } = formatsOf({ language: 'nl', timeZone: 'Europe/Amsterdam' })
    expect(moment(new Date('2026-10-25T00:30:00Z'))).toBe(
      'zo 25 okt 2026, 00:30 UTC (02:30 Europe/Amsterdam)',
    )
    expect(moment(new Date('2026-10-25T01:30:00Z'))).toBe(
      'zo 25 okt 2026, 01:30 UTC (02:30 Europe/Amsterdam)',
    )
  })

  test('of the next scheduled runs are in the mail', () => {
    const { text } = buildMail(anInput({ schedule: '0 30 5 * * 1' }))
    expect(text).toContain(
      'Next scheduled run: Sync: Mon, 23 Nov 2026, 05:30 UTC (06:30 Europe/Amsterdam); then Mon, 30 Nov 2026, 05:30 UTC',
    )
  })
})
