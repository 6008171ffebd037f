import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type DemoProcess, startDemo, stillRunning } from './demo-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'demo-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a first start prints, from the README: what it shows to its readers has to be true. */
function asTheReadmeTells(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  return /```text\n(Cloud Sync: [^`]+)```/.exec(readme)?.[1] ?? 'it tells nothing'
}

const untimed = (output: string) => output.replaceAll(/ \(\d+\.\d s\)$/gm, '')

/** Each line of the story: what was done, and how it came out. */
function story(output: string): readonly string[] {
  return untimed(output)
    .split('\n')
    .filter((line) => /^[✓✗] /.test(line))
}

async function success(demo: DemoProcess): Promise<void> {
  if ((await demo.ended) !== 0) throw new Error(demo.output())
}

const dashboardOf = (output: string) => /Dashboard +(http:\S+)/.exec(output)?.[1] ?? 'none printed'

test('a first start tells the first sync, on another port when 7071 is taken, and leaves no process behind', async () => {
  const other = createServer()
    .on('error', () => 'somebody else has it already')
    .listen(7071)
  const demo = startDemo('--once', '--data', folder)
  await demo.waitFor('✓ Start')
  const processes = await demo.processes()
  expect(processes.length, 'demo, storage emulator, host').toBeGreaterThanOrEqual(3)
  await success(demo)
  other.close()
  expect(untimed(demo.output())).toContain(untimed(asTheReadmeTells()))
  expect(dashboardOf(demo.output())).toMatch(
    /^http:\/\/127\.0\.0\.1:(?!7071\/)\d+\/api\/dashboard$/,
  )
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i)
  expect(await stillRunning(processes)).toEqual([])
}, 60_000)

test('a second start has nothing to do, stays up until Ctrl-C, and shares its folder with nobody', async () => {
  const demo = startDemo('--data', folder)
  await demo.waitFor('Ctrl-C stops everything')
  expect(story(demo.output()).slice(1)).toEqual(['✓ Sync: nothing to do; 105 accounts are in step'])
  const page = await fetch(dashboardOf(demo.output()))
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  const [, change, place] = /curl -d '(.+)' (http\S+)/.exec(demo.output()) ?? []
  expect((await fetch(place ?? '', { method: 'POST', body: change ?? '' })).status).toBe(200)

  const second = startDemo('--once', '--data', folder)
  expect(await second.ended).toBe(1)
  expect(second.output()).toContain(`A demo runs on ${folder} already`)

  const processes = await demo.processes()
  demo.kill('SIGINT')
  await success(demo)
  expect(await stillRunning(processes)).toEqual([])
}, 60_000)

test('what was changed meanwhile is brought over by the next start: a leaver, and whose delegate that was', async () => {
  const demo = startDemo('--once', '--data', folder)
  await success(demo)
  expect(story(demo.output()).slice(1)).toEqual([
    '✓ Sync: 2 changes applied, with 2 writes in Zivver',
    '✓ Check: 111 accounts and 104 links are as an independent calculation wants them',
    '✓ Second sync: nothing to do; 105 accounts are in step',
  ])
}, 60_000)

test('what does not come out as told is named, and the exit code is 1', async () => {
  const path = join(folder, 'state.json')
  const state = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...state, tenant: { ...state.tenant, mailboxes: [] } }))
  const demo = startDemo('--once', '--data', folder)
  expect(await demo.ended).toBe(1)
  expect(story(demo.output()).slice(1)).toEqual(['✗ Sync: not as it should be'])
  expect(demo.output()).toMatch(/The sync ended as failed: SOURCE_EMPTY/)

  writeFileSync(path, 'not what the demo wrote')
  const broken = startDemo('--once', '--data', folder)
  expect(await broken.ended).toBe(1)
  expect(broken.output()).toContain('npm run clean')
}, 60_000)
