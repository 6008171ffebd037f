import { describe, expect, test } from 'vitest'
import { errorCodes, warningCodes } from '../../core/errors.ts'
import { en } from '../../core/report/messages/en.ts'
import { nl } from '../../core/report/messages/nl.ts'
import { remedies } from '../../core/report/remedies.ts'

const codes = [...new Set<string>([...errorCodes, ...warningCodes])].sort()

/** Every sentence of a catalogue, by its place; functions are asked with a few numbers and words. */
function sentencesOf(catalogue: object, place = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]): [string, string][] => {
    const here = `${place}${key}`
    if (typeof value === 'string') return [[here, value]]
    if (typeof value === 'object') return sentencesOf(value, `${here}.`)
    return [1, 2].map((count) => [`${here}(${count})`, sentence(value, count)])
  })
}

function sentence(make: (...given: unknown[]) => string, count: number): string {
  const share = { count, total: 1940 }
  const given: Record<string, unknown[]> = {
    'subject.would': ['suspend', share],
    'cause.line': ['suspend', share, 'X'],
    'limit.share': [share, 'X', count],
    'run.nextIs': [count === 1 ? 'sync' : 'preview', ['X', 'X']],
    'cause.outOfScopeGrew': ['X', { before: count, now: 40 }, 'X'],
    'cause.notInGroup': ['X', { before: 40, now: count }, count === 1],
    'cause.groupShrank': ['X', { before: 40, now: count }, 'X'],
    'cause.groupRemoved': ['X', count, 'X'],
    'cause.groupAdded': ['X', count, 'X'],
    'run.callsOf': ['X', 'X', 'X'],
    'lead.failedBeforeWriting': ['reading'],
    'lead.underWay': ['applying'],
  }
  const name = names.get(make) ?? ''
  return make(...(given[name] ?? [count, name === 'subject.done' ? 'create' : 1940, count]))
}

const names = new Map<unknown, string>()
for (const catalogue of [en, nl]) nameFunctions(catalogue, '')

function nameFunctions(catalogue: object, place: string): void {
  for (const [key, value] of Object.entries(catalogue)) {
    if (typeof value === 'function') names.set(value, `${place}${key}`)
    else if (typeof value === 'object') nameFunctions(value, `${place}${key}.`)
  }
}

describe('every code has', () => {
  test('a remedy in English and in Dutch, a whole sentence each', () => {
    expect(Object.keys(remedies).sort()).toEqual(codes)
    for (const { en: english, nl: dutch } of Object.values(remedies)) {
      expect(english).toMatch(/^[A-Z].{30,}\.$/)
      expect(dutch).toMatch(/^[A-Z].{30,}\.$/)
      expect(dutch).not.toBe(english)
    }
  })

  test('the same names of settings, flags and rights in both languages', () => {
    const fixed =
      /CLOUD_SYNC__[A-Z_]+|`[^`]+`|Get-\w+|[A-Z]\w+\.\w+\.All|ExternalDirectoryObjectId/g
    for (const { en: english, nl: dutch } of Object.values(remedies)) {
      expect([...dutch.matchAll(fixed)].map(String).sort()).toEqual(
        [...english.matchAll(fixed)].map(String).sort(),
      )
    }
  })

  test('a title in both languages', () => {
    expect(Object.keys(en.titles).sort()).toEqual(codes)
    expect(Object.keys(nl.titles).sort()).toEqual(codes)
  })
})

test('nothing is left untranslated', () => {
  const english = new Map(sentencesOf(en))
  const same = sentencesOf(nl).filter(([place, text]) => english.get(place) === text)
  // Words that are Dutch as well.
  expect(same.map(([, text]) => text)).toEqual(
    same.map(() =>
      expect.stringMatching(
        /^(Preview|Sync|Mail|Run|Status|status|PREVIEW.*|Exchange X, Graph X, Zivver X|Accounts in Zivver)$/,
      ),
    ),
  )
})

test('no sentence says undefined, null or NaN', () => {
  for (const [, text] of [...sentencesOf(en), ...sentencesOf(nl)]) {
    expect(text).not.toMatch(/undefined|null|NaN|\[object/)
  }
})
