import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'

const root = new URL('../../', import.meta.url).pathname
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const readme = read('README.md')

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')))

test('the index names every page and every decision', () => {
  const index = read('docs/README.md')
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.md') && path !== 'README.md',
  )
  expect(pages.filter((path) => !index.includes(`](${path})`))).toEqual([])
})

test('the README leads only to what is there', () => {
  const links = [...readme.matchAll(/(?:\]\(|src(?:set)?=")(?!https?:)([^)#"]+)/g)]
  const files = [...readme.matchAll(/`((?:core|docs|functions|infra|test)\/[\w./-]+)`/g)]
  const paths = [...links, ...files].map(([, path]) => path ?? '')
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('the README names only scripts that can be run', () => {
  const commands = [...readme.matchAll(/npm (?:run )?([a-z][\w:-]*)/g)].map(
    ([, name]) => name ?? '',
  )
  const named = commands.filter((name) => name !== 'ci')
  expect(named.length).toBeGreaterThan(10)
  const canRun = (script = '') => {
    const [, program] = /\bnode (\S+\.ts)/.exec(script) ?? []
    return script !== '' && (program === undefined || existsSync(join(root, program)))
  }
  expect(named.filter((name) => !canRun(scripts[name]))).toEqual([])
})

test('the table of commands has every script of package.json', () => {
  const [, table = ''] = /^## Commands$([^]*?)^## /m.exec(readme) ?? []
  const listed = [...table.matchAll(/`npm (?:run )?([a-z][\w:-]*)/g)].map(([, name]) => name ?? '')
  expect(Object.keys(scripts).filter((name) => !listed.includes(name))).toEqual([])
})
