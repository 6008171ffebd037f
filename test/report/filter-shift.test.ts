import { describe, expect, test } from 'vitest'
import type { FilterGroupSize, RunRecord } from '../../core/model/run.ts'
import { buildMail } from '../../core/report/mail.ts'
import { anInput, aRun, changes } from './sample.ts'

const group = (name: string, members: number): FilterGroupSize => ({ id: name, name, members })
const suspended = changes(1, 100, { action: 'suspend', reason: 'not_in_source_filter' })

/** The lines about the cause in a mail whose groups were others in the last sync. */
function why(
  before: readonly FilterGroupSize[] | null,
  now: readonly FilterGroupSize[] | null,
  newer: readonly Partial<RunRecord>[] = [],
): string {
  const history = [...newer.map((part) => aRun(part)), aRun({ filterGroups: before })]
  const run = aRun({ filterGroups: now }, suspended)
  const { text } = buildMail(anInput({ run, changes: suspended, history }))
  return /WHY\n([^]*?)\n\n/.exec(text)?.[1] ?? ''
}

describe('what the source filter has to do with suspensions', () => {
  test('a group that lost as many as were suspended is the cause', () => {
    expect(why([group('Staff', 300)], [group('Staff', 200)])).toBe(
      '- 100 suspensions: no longer a member of filter group “Staff”, which shrank from 300 to 200',
    )
  })

  test('of a group that lost fewer it is not said that all of them were members', () => {
    expect(why([group('Staff', 300)], [group('Staff', 299)])).toBe(
      '- 100 suspensions: not a member of filter group “Staff”, which shrank from 300 to 299',
    )
  })

  test('the one that shrank is named among several', () => {
    const others = [group('Interns', 40), group('Board', 7)]
    expect(why([...others, group('Staff', 300)], [...others, group('Staff', 200)])).toContain(
      'filter group “Staff”, which shrank',
    )
  })

  test('of several that shrank each is named, because nobody knows who was in which', () => {
    const before = [group('Interns', 90), group('Staff', 300)]
    const now = [group('Interns', 60), group('Staff', 230)]
    expect(why(before, now)).toBe(
      [
        '- 100 suspensions: not a member of the source filter’s groups',
        '- Filter group “Staff” shrank from 300 to 230 members since 23 Nov.',
        '- Filter group “Interns” shrank from 90 to 60 members since 23 Nov.',
      ].join('\n'),
    )
  })

  test('groups that left the setting or came into it are said', () => {
    const text = why(
      [group('Staff', 300), group('Board', 7)],
      [group('Staff', 300), group('New', 1)],
    )
    expect(text).toContain(
      '“Board” (7 members on 23 Nov) is no longer in `CLOUD_SYNC__SOURCE_FILTER`.',
    )
    expect(text).toContain('“New” (1 member) came into `CLOUD_SYNC__SOURCE_FILTER` since 23 Nov.')
  })

  test('a filter where there was none is new', () => {
    expect(why([], [group('Staff', 300)])).toContain(
      'The source filter is new: there was none on 23 Nov.',
    )
  })

  test('nothing is said where it is not known: before the first sync, or of an earlier version', () => {
    const plain = '- 100 suspensions: not a member of the source filter’s groups'
    expect(why(null, [group('Staff', 200)])).toBe(plain)
    expect(why([group('Staff', 300)], null)).toBe(plain)
  })

  test('a preview or a blocked run in between changes nothing: Zivver is still as the last sync left it', () => {
    const filterGroups = [group('Staff', 200)]
    const newer = [
      { mode: 'preview', filterGroups } as const,
      { status: 'blocked', filterGroups } as const,
    ]
    expect(why([group('Staff', 300)], filterGroups, newer)).toContain('shrank from 300 to 200')
  })

  test('a name cannot mark up the sentence around it', () => {
    expect(why([group('`a` **b**', 300)], [group('`a` **b**', 200)])).toContain('“’a’ ’’b’’”')
  })
})
