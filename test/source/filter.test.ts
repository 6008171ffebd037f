import { describe, expect, test } from 'vitest'
import type { DirectoryMember } from '../../core/model/mailbox.ts'
import { type FilterGroup, type FilterVerdict, judgeFilter } from '../../core/source/filter.ts'
import type { GroupReading } from '../../core/source/groups.ts'
import { guid } from '../support/build.ts'

const staff: FilterGroup = {
  id: 'staff',
  group: {
    id: 'staff',
    displayName: 'Staff',
    mail: null,
    mailNickname: null,
    proxyAddresses: [],
    hiddenMembership: false,
  },
}
const anna: DirectoryMember = { id: guid(1), type: 'user' }
const device: DirectoryMember = { id: guid(2), type: 'other' }
const inner: DirectoryMember = { id: 'inner', type: 'group' }
const unreadable: GroupReading = { status: 'unreadable', reason: 'refused' }

function read(...members: readonly DirectoryMember[]): GroupReading {
  return { status: 'read', members }
}

function judge(
  readings: Readonly<Record<string, GroupReading>>,
  { filter = [staff], nestedGroups = false } = {},
): FilterVerdict {
  return judgeFilter(filter, new Map(Object.entries(readings)), { nestedGroups })
}

describe('a usable source filter', () => {
  test('lets direct members in', () => {
    expect(judge({ staff: read(anna, inner), inner: read(device) })).toEqual({
      status: 'usable',
      members: new Set([anna.id]),
      groups: [{ id: 'staff', name: 'Staff', members: 1 }],
      warnings: [],
    })
  })

  test('lets members of nested groups in when told to', () => {
    const verdict = judge({ staff: read(inner), inner: read(anna) }, { nestedGroups: true })
    expect(verdict).toMatchObject({
      status: 'usable',
      members: new Set([anna.id]),
      groups: [{ id: 'staff', name: 'Staff', members: 1 }],
    })
  })

  test('an empty group inside a nested one does not matter', () => {
    const verdict = judge({ staff: read(anna, inner), inner: read() }, { nestedGroups: true })
    expect(verdict).toMatchObject({ status: 'usable', members: new Set([anna.id]) })
  })

  test('with only groups inside is a warning while groups are not nested', () => {
    expect(judge({ staff: read(inner) })).toMatchObject({
      status: 'usable',
      members: new Set(),
      warnings: [{ code: 'SOURCE_FILTER_NESTED_ONLY' }],
    })
  })
})

describe('a source filter never means "nobody"', () => {
  test('a missing group is unreadable, and the message names dynamic distribution groups', () => {
    const verdict = judge({}, { filter: [{ id: 'lost', group: null }] })
    expect(verdict).toMatchObject({ status: 'unusable', code: 'SOURCE_FILTER_UNREADABLE' })
    expect(verdict).toHaveProperty('message', expect.stringContaining('dynamic distribution group'))
  })

  test.each<[string, Readonly<Record<string, GroupReading>>, string]>([
    ['a refused group', { staff: unreadable }, 'SOURCE_FILTER_UNREADABLE'],
    ['a group that was never read', {}, 'SOURCE_FILTER_UNREADABLE'],
    [
      'an unreadable group inside',
      { staff: read(anna, inner), inner: unreadable },
      'SOURCE_FILTER_UNREADABLE',
    ],
    ['a group without members', { staff: read() }, 'SOURCE_FILTER_EMPTY'],
    ['groups without anybody inside', { staff: read(inner), inner: read() }, 'SOURCE_FILTER_EMPTY'],
  ])('%s stops the run', (_, readings, code) => {
    expect(judge(readings, { nestedGroups: true })).toMatchObject({ status: 'unusable', code })
  })

  test('one bad group stops the run whatever the others say', () => {
    const lost = { id: 'lost', group: null }
    expect(judge({ staff: read(anna) }, { filter: [staff, lost] })).toHaveProperty('code')
  })
})
