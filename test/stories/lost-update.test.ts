import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = 'export async function total(read: () => Promise<number>): Promise<number> {'

/** Each is a function of its own file; the lines that lose an update, and those that lose none. */
const planted = {
  'sum.ts': `${read}
  let sum = 0
  await Promise.all([1, 2].map(async () => { sum += await read() }))
  return sum
}`,
  'spelled-out.ts': `${read}
  let sum = 0
  await Promise.all([1, 2].map(async () => { sum = sum + (await read()) }))
  return sum
}`,
  'property.ts': `${read}
  const counts = { sum: 0 }
  await Promise.all([1, 2].map(async () => { counts.sum += await read() }))
  return counts.sum
}`,
}
const harmless = {
  'collected.ts': `${read}
  const found = await Promise.all([1, 2].map(() => read()))
  return found.reduce((sum, one) => sum + one, 0)
}`,
}

let folder = ''
let found: readonly { readonly code: string; readonly filename: string }[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lost-update-'))
  writeFileSync(join(folder, '.oxlintrc.json'), readFileSync(join(root, '.oxlintrc.json')))
  // The configuration's own plugin is looked up beside it.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  cpSync(join(root, 'test/tools/oxlint-plugin.ts'), join(folder, 'test/tools/oxlint-plugin.ts'))
  mkdirSync(join(folder, 'core'))
  for (const [name, text] of Object.entries({ ...planted, ...harmless })) {
    writeFileSync(join(folder, 'core', name), `${text}\n`)
  }
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const run = spawnSync(process.execPath, [oxlint, '-f', 'json', 'core'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const report = z.object({
    diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })),
  })
  found = report.parse(JSON.parse(run.stdout)).diagnostics
})
afterAll(() => rmSync(folder, { recursive: true }))

test('story 32: the linter refuses an update that reads before it waits, of a variable and of a property', () => {
  const refused = found.filter(({ code }) => code.startsWith('atomic('))
  const files = new Set(refused.map(({ filename }) => filename))
  expect(files).toEqual(new Set(Object.keys(planted).map((name) => `core/${name}`)))
})
