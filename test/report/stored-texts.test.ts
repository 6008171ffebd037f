import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ErrorCode, WarningCode } from '../../core/errors.ts'
import { dutchDetails } from '../../core/report/stored-texts/dutch-details.ts'
import { dutchErrors } from '../../core/report/stored-texts/dutch-errors.ts'
import { dutchWarnings } from '../../core/report/stored-texts/dutch-warnings.ts'
import { storedText } from '../../core/report/stored-texts/stored-text.ts'

const byCode = [...Object.values(dutchWarnings), ...Object.values(dutchErrors)].flat()
const pairs = [...new Map([...byCode, ...dutchDetails].map((pair) => [pair.join(), pair])).values()]
const gapsOf = (text: string) => [...text.matchAll(/\{[a-z]+[?>*]?\}/g)].map(([gap]) => gap).sort()

/** The program's text without the seams of texts that go over several lines. */
const sources = globSync('core/**/*.ts')
  .filter((file) => !file.includes('stored-texts') && !file.includes('.generated.'))
  .map((file) => readFileSync(file, 'utf8').replaceAll(/['`]\s*\+\s*['`]/g, ''))

/** What stands between the gaps, without the punctuation at its ends; a word or two says nothing. */
function fragmentsOf(english: string): string[] {
  return english
    .split(/\{[a-z]+[?>*]?\}/)
    .map((part) => part.replaceAll(/^[^a-z]+|[^a-z]+$/gi, ''))
    .filter((part) => part.length > 5)
}

describe('the Dutch of what is stored', () => {
  test.each(pairs.map(([english, dutch]) => [english, dutch]))(
    '"%s" is a sentence of the program, and keeps its values',
    (english, dutch) => {
      expect(gapsOf(dutch)).toEqual(gapsOf(english))
      const fragments = fragmentsOf(english)
      const isSaid = sources.some((source) => fragments.every((part) => source.includes(part)))
      expect(isSaid).toBe(true)
    },
  )

  const say = (code: ErrorCode | WarningCode, message: string) =>
    storedText({ code, message }, 'nl')

  test('takes over values, and says in Dutch what stands inside', () => {
    expect(
      say(
        'DELEGATES_DROPPED',
        'info@contoso.example: 12 with Full Access cannot be delegates: Anna (HR), x (cannot log in), S-1-5-21 (deleted, only its SID is left) and 2 more',
      ),
    ).toEqual({
      text: 'info@contoso.example: 12 met Volledige toegang kunnen geen gemachtigde zijn: Anna (HR), x (kan niet inloggen), S-1-5-21 (verwijderd, alleen de SID is over) en nog 2',
      language: 'nl',
    })
  })

  test('keeps what Zivver said as a quotation', () => {
    expect(
      say(
        'ALIAS_IS_GUEST',
        'Zivver answered 400 for PUT /Users/{id} (“Alias is a guest: sales@contoso.example”): the alias already receives Zivver mail as a guest account: merge that guest account',
      ).text,
    ).toBe(
      'Zivver antwoordde 400 op PUT /Users/{id} (“Alias is a guest: sales@contoso.example”): de alias ontvangt al Zivver-mail als gastaccount: voeg dat gastaccount samen',
    )
  })

  test('names every faulty setting with what is wrong about it', () => {
    expect(
      say(
        'CONFIG_INVALID',
        'CLOUD_SYNC__INCLUDED_DOMAINS is required and is not set; CLOUD_SYNC__DELEGATES must be True or False; CLOUD_SYNC__X is odd',
      ).text,
    ).toBe(
      'CLOUD_SYNC__INCLUDED_DOMAINS is verplicht en niet ingevuld; CLOUD_SYNC__DELEGATES moet True of False zijn; CLOUD_SYNC__X is odd',
    )
  })

  test('invents nothing: an unknown sentence and one of another code stay as they are', () => {
    const message = 'Exchange lists no mailbox at all'
    expect(say('SOURCE_EMPTY', message).language).toBe('nl')
    expect(say('INTERNAL', message)).toEqual({ text: message, language: 'en' })
    expect(storedText({ code: 'SOURCE_EMPTY', message }, 'en').text).toBe(message)
  })

  test('a long text that somebody else wrote is looked through in no time', () => {
    const started = performance.now()
    for (const piece of [': ', ' (', ', ', ' is an alias of another account (']) {
      say('ADDRESS_TAKEN', piece.repeat(4000 / piece.length))
      say('SOURCE_INCOMPLETE', piece.repeat(4000 / piece.length))
      const list = piece.repeat(3900 / piece.length)
      say('DELEGATES_DROPPED', `x: 1 with Full Access cannot be delegates: ${list}`)
      say('CONFIG_INVALID', list)
    }
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
