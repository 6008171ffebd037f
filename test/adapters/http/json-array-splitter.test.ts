import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonArraySplitter } from '../../../core/adapters/http/json-array-splitter.ts'

/** Feeds a text in chunks of so many bytes. */
function split(text: string, chunkBytes: number) {
  const elements: unknown[] = []
  const splitter = new JsonArraySplitter('Resources', (element) => {
    elements.push(JSON.parse(element))
  })
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    splitter.push(bytes.subarray(start, start + chunkBytes))
  }
  return { elements, rest: splitter.rest() }
}

test('any array, cut anywhere, comes out element by element, and the rest is the object without them', () => {
  const spaces = fc.constantFrom(0, 1, 2)
  const others = fc.dictionary(fc.string(), fc.jsonValue())
  fc.assert(
    fc.property(
      others,
      fc.array(fc.jsonValue()),
      others,
      spaces,
      fc.integer({ min: 1, max: 99 }),
      (before, resources, after, indent, chunkBytes) => {
        const { Resources: _before, ...head } = before
        const { Resources: _after, ...tail } = after
        const object = { ...head, inner: { Resources: [1] }, Resources: resources, ...tail }
        const { elements, rest } = split(JSON.stringify(object, null, indent), chunkBytes)
        // -0 is no JSON: it is written as 0.
        const expected = JSON.parse(JSON.stringify(object)) as typeof object
        expect(elements).toEqual(expected.Resources)
        expect(JSON.parse(rest)).toEqual({ ...expected, Resources: [] })
      },
    ),
  )
})

test.each([
  '{"totalResults":2,"Resources":[{"id":"1"},',
  '{"totalResults":2,"Resources":[{"id":"1"}]',
  '{"totalResults":2,"Resources":[{"id":"1"}]}]',
])('an object that is cut off or ends twice leaves a rest that is no JSON: %s', (text) => {
  const { rest } = split(text, 7)
  expect(() => JSON.parse(rest)).toThrow(SyntaxError)
})

test('a value that is no array stays where it is', () => {
  const text = '{"Resources":null,"other":["Resources",["\\"Resources\\":["]]}'
  expect(split(text, 3)).toEqual({ elements: [], rest: text })
})

test('an answer of a hundred thousand other lists is read in a moment', () => {
  const others = '"other":[],'.repeat(100_000)
  const { elements, rest } = split(`{${others}"Resources":[1]}`, 64 * 1024)
  expect(elements).toEqual([1])
  expect(rest).toBe(`{${others}"Resources":[]}`)
})
