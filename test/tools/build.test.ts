import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { build } from './build.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'build-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const entry = () => join(folder, 'entry.ts')
const outfile = () => join(folder, 'out/index.mjs')
const write = (text: string) => writeFileSync(entry(), text)

const run = async (file: string) => (await promisify(execFile)(process.execPath, [file])).stdout

test('a bundle is one module that runs alone, with its version and its map', async () => {
  write('declare const __CLOUD_SYNC_VERSION__: string\nconsole.log(__CLOUD_SYNC_VERSION__)')
  await build({ entry: entry(), outfile: outfile(), version: '9.8.7+abc' })
  expect(await run(outfile())).toBe('9.8.7+abc\n')
  expect(readFileSync(outfile(), 'utf8')).toContain('//# sourceMappingURL=index.mjs.map')
  expect(JSON.parse(readFileSync(`${outfile()}.map`, 'utf8')).sources).toEqual(['../entry.ts'])
})

test('without a version it carries that of package.json', async () => {
  write('declare const __CLOUD_SYNC_VERSION__: string\nconsole.log(__CLOUD_SYNC_VERSION__)')
  await build({ entry: entry(), outfile: outfile() })
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect((await run(outfile())).split('+')[0]?.trim()).toBe(version)
})

test('a bundle is made anew when a source or the version changed, or a file is gone, and only then', async () => {
  const options = { entry: entry(), outfile: outfile(), version: '1' }
  const isNew = async (version = '1') => (await build({ ...options, version })).isNew
  write("import { word } from './word.ts'\nconsole.log(word)")
  writeFileSync(join(folder, 'word.ts'), "export const word = 'first'")
  expect(await isNew()).toBe(true)
  expect(await isNew()).toBe(false)
  writeFileSync(join(folder, 'word.ts'), "export const word = 'second'")
  expect(await isNew()).toBe(true)
  expect(await run(outfile())).toBe('second\n')
  expect(await isNew('2')).toBe(true)
  rmSync(`${outfile()}.map`)
  expect(await isNew('2')).toBe(true)
})

test('a bundle is ASCII, because V8 keeps any other source in twice the memory, and means the same', async () => {
  write("/* ‘quoted’ */\nconsole.log('é–😀', `${'→'}`, /^[‘-’]$/.test('’'))")
  await build({ entry: entry(), outfile: outfile(), version: '1' })
  expect(readFileSync(outfile(), 'utf8')).toMatch(/^[\0-\x7f]*$/)
  expect(await run(outfile())).toBe('é–😀 → true\n')
})

test('a source that does not compile leaves the bundle that was there', async () => {
  const options = { entry: entry(), outfile: outfile(), version: '1' }
  write("console.log('right')")
  await build(options)
  write('const = 1')
  await expect(build(options)).rejects.toThrow('Expected identifier')
  expect(await run(outfile())).toBe('right\n')
})

test('several builds at once leave one whole bundle and nothing else', async () => {
  write("console.log('whole')")
  const options = { entry: entry(), outfile: outfile(), version: '1' }
  await Promise.all([build(options), build(options), build(options)])
  expect(await run(outfile())).toBe('whole\n')
  expect(readdirSync(join(folder, 'out')).toSorted()).toEqual([
    '.index.mjs.stamp.json',
    'index.mjs',
    'index.mjs.map',
  ])
})

test('a CommonJS package that requires built-in modules runs from the bundle', async () => {
  const pad = join(folder, 'pad.cjs')
  writeFileSync(pad, "const { format } = require('util'); exports.say = () => format('%s!', 'hi')")
  write("import pad from './pad.cjs'\nconsole.log(pad.say())")
  await build({ entry: entry(), outfile: outfile(), version: '1' })
  rmSync(pad)
  expect(existsSync(pad)).toBe(false)
  expect(await run(outfile())).toBe('hi!\n')
})
