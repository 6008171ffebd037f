import { expect, test } from 'vitest'
import { compareVersions, isVersion } from '../../core/update/version.ts'

// The chain of Semantic Versioning 2.0.0, section 11, and a few of our own.
const ascending = [
  '0.9.9',
  '0.10.0',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '2.0.0',
]

test('versions are ordered by number, prereleases before their release', () => {
  for (const [at, left] of ascending.entries()) {
    for (const [other, right] of ascending.entries()) {
      expect(Math.sign(compareVersions(left, right))).toBe(Math.sign(at - other))
    }
  }
})

test('the commit of a build says nothing about order', () => {
  expect(compareVersions('0.1.0+fcc0de3', '0.1.0+0000000')).toBe(0)
})

test.each(['', '1', '1.2', 'v1.2.3', '1.2.3.4', 'latest', 'unbuilt'])(
  '%j is no version',
  (text) => {
    expect(isVersion(text)).toBe(false)
    expect(() => compareVersions(text, '1.0.0')).toThrow(/no version/)
  },
)
