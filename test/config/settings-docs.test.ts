import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { settingDefinitions, settingPrefix } from '../../core/config/definitions.ts'
import { parseSettings } from '../../core/config.ts'
import {
  exampleFile,
  renderExample,
  renderSettingsDocs,
  settingsDocsFile,
} from '../tools/settings-docs.ts'

const names = Object.values(settingDefinitions).map(({ name }) => settingPrefix + name)
const localSettings = z.strictObject({
  IsEncrypted: z.literal(false),
  Values: z.record(z.string(), z.string()),
})

/** The values of the example, read as the Functions Core Tools read it: JSON whose comment lines do not count. */
function exampleValues(): Record<string, string> {
  const text = readFileSync(exampleFile, 'utf8').replace(/^\s*\/\/.*$/gm, '')
  return localSettings.parse(JSON.parse(text)).Values
}

// Run `node test/tools/settings-docs.ts` when one of the first two fails.
describe('the documents of the settings', () => {
  test('docs/settings.md says what the table says', () => {
    expect(readFileSync(settingsDocsFile, 'utf8')).toBe(renderSettingsDocs())
  })

  test('local.settings.example.json says what the table says', () => {
    expect(readFileSync(exampleFile, 'utf8')).toBe(renderExample())
  })

  test('the example holds every setting and no other', () => {
    const given = Object.keys(exampleValues()).filter((name) => name.startsWith(settingPrefix))
    expect(given.toSorted()).toEqual(names.toSorted())
  })

  test('the example is valid as it is', () => {
    expect(parseSettings(exampleValues())).toMatchObject({ ok: true, warnings: [] })
  })

  test('docs/settings.md has a row for every setting', () => {
    const rows = readFileSync(settingsDocsFile, 'utf8').matchAll(/^\| `(CLOUD_SYNC__\w+)` \|/gm)
    expect([...rows].map(([, name]) => String(name)).toSorted()).toEqual(names.toSorted())
  })
})
