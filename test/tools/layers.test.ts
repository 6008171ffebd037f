import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** One file of a layer with one import or global, and whether the module rule lets it through. */
const cases = [
  ['core/model/a.ts', `import { b } from '../plan/b.ts'`, 'refused'],
  ['core/model/deep/a.ts', `import { b } from '../../ports.ts'`, 'refused'],
  ['core/model/b.ts', `import { b } from 'node:crypto'`, 'refused'],
  ['core/model/c.ts', `import { b } from './run.ts'`, 'allowed'],
  ['core/model/d.ts', `import { b } from '../errors.ts'`, 'allowed'],
  ['core/plan/a.ts', `import { b } from '../snapshot/b.ts'`, 'refused'],
  ['core/plan/b.ts', `import type { b } from '../adapters/http/b.ts'`, 'refused'],
  ['core/plan/c.ts', `import { b } from '@azure/data-tables'`, 'refused'],
  ['core/plan/d.ts', `import { b } from 'node:fs/promises'`, 'refused'],
  ['core/snapshot/a.ts', `import { b } from 'node:fs'`, 'refused'],
  ['core/snapshot/b.ts', `import { b } from 'node:crypto'`, 'allowed'],
  ['core/plan/e.ts', `import { b } from 'node:crypto'`, 'allowed'],
  ['core/plan/f.ts', `import { b } from '../source/b.ts'`, 'allowed'],
  ['core/guard/a.ts', `export const b = () => fetch('http://127.0.0.1')`, 'refused'],
  ['core/apply/a.ts', `import { b } from '../adapters/zivver/b.ts'`, 'refused'],
  ['core/run/a.ts', `import { b } from '@azure/storage-queue'`, 'refused'],
  ['core/run/b.ts', `import { b } from '../plan/b.ts'`, 'allowed'],
  ['core/sync.ts', `import { b } from './adapters/http/b.ts'`, 'refused'],
  ['core/api/a.ts', `import { b } from '@azure/functions'`, 'refused'],
  ['core/config.ts', `export const b = process.env`, 'refused'],
  ['core/adapters/tables/a.ts', `import { b } from '@azure/data-tables'`, 'allowed'],
  ['core/adapters/tables/b.ts', `import { b } from '../../plan/b.ts'`, 'refused'],
  ['core/adapters/tables/c.ts', `import { b } from '@azure/functions'`, 'refused'],
  ['functions/a.ts', `import { b } from '../core/adapters/http/b.ts'`, 'refused'],
  ['functions/composition.ts', `import { b } from '../core/adapters/http/b.ts'`, 'allowed'],
  ['test/oracle/a.ts', `import { b } from '../../core/model/b.ts'`, 'refused'],
  ['test/simulators/zivver/a.ts', `import { b } from '../../../core/errors.ts'`, 'refused'],
  ['test/plan/a.ts', `import { b } from '../../core/plan/b.ts'`, 'allowed'],
] as const

let folder = ''
let refused: ReadonlySet<string> = new Set()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'))
  writeFileSync(join(folder, '.oxlintrc.json'), readFileSync(join(root, '.oxlintrc.json')))
  // The configuration's own plugin is looked up beside it.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(folder, 'test'))
  symlinkSync(join(root, 'test/tools'), join(folder, 'test/tools'))
  for (const [path, line] of cases) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${line}\n`)
  }
  refused = lint()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** @returns the files in which the module rule found something */
function lint(): ReadonlySet<string> {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const run = spawnSync(process.execPath, [oxlint, '-f', 'json', 'core', 'functions', 'test'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const report = z.object({
    diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })),
  })
  const { diagnostics } = report.parse(JSON.parse(run.stdout))
  const found = diagnostics.filter(({ code }) => /no-restricted-(imports|globals)/.test(code))
  return new Set(found.map(({ filename }) => filename))
}

test.each(cases)('%s: %s is %s', (path, _line, verdict) => {
  expect(refused.has(path) ? 'refused' : 'allowed').toBe(verdict)
})
