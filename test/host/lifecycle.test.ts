import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bundleFixture } from './fixtures/bundle.ts'
import { startHost } from './start-host.ts'

test('SIGTERM: an answer under way is still given, terminate hooks run, the exit code is 0', async () => {
  await using host = await startHost({ bundle: await bundleFixture('http') })
  const answer = fetch(`${host.url}/api/slow/400`)
  await host.waitForLine(/slow begins/)
  const [state, response] = await Promise.all([host.stop(), answer])
  expect(state).toEqual({ code: 0, signal: null })
  expect([response.status, await response.text()]).toEqual([200, 'done'])
  expect(host.lines).toContain('fixture terminated')
  await expect(fetch(`${host.url}/api/page`)).rejects.toThrow('fetch failed')
})

test('an invocation that outlasts the drain time is left, and said', async () => {
  await using host = await startHost({
    bundle: await bundleFixture('http'),
    env: { HOST_DRAIN_SECONDS: '0.3' },
  })
  const answer = fetch(`${host.url}/api/slow/60000`).catch((error: Error) => error.message)
  await host.waitForLine(/slow begins/)
  const began = performance.now()
  expect((await host.stop()).code).toBe(0)
  expect(performance.now() - began).toBeLessThan(3_000)
  expect(host.lines.join('\n')).toContain('stops while 1 invocations still run')
  expect(await answer).toBe('fetch failed')
})

test('a second SIGINT ends the host at once', async () => {
  await using host = await startHost({ bundle: await bundleFixture('http') })
  fetch(`${host.url}/api/slow/60000`).catch(() => undefined)
  await host.waitForLine(/slow begins/)
  host.kill('SIGINT')
  await sleep(100)
  host.kill('SIGINT')
  expect((await host.exited).code).toBe(130)
})

test('a port that is taken is named, with the remedy', async () => {
  await using host = await startHost({ bundle: await bundleFixture('http') })
  const PORT = new URL(host.url).port
  const second = startHost({ bundle: await bundleFixture('http'), env: { PORT } })
  await expect(second).rejects.toThrow(`cannot listen on port ${PORT}: set PORT to a free one`)
})

test('settings at fault are all named at once', async () => {
  const env = { PORT: '70000', HOST_DRAIN_SECONDS: 'soon' }
  const start = startHost({ bundle: await bundleFixture('http'), env })
  await expect(start).rejects.toThrow(/PORT: .*HOST_DRAIN_SECONDS: /)
})

test('`npm run host` passes SIGTERM on: npm ends with the host, and with its exit code', async () => {
  const { PATH, HOME } = process.env
  const npm = spawn('npm', ['run', '--silent', 'host'], {
    env: { PATH, HOME, PORT: '0', HOST_BUNDLE: await bundleFixture('http') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  npm.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (output.includes('Host ready')) npm.kill('SIGTERM')
  })
  const [code] = await once(npm, 'close')
  expect(code).toBe(0)
  expect(output).toContain('fixture terminated')
  const url = /http:\S+/.exec(output)?.[0] ?? ''
  await expect(fetch(`${url}/api/page`)).rejects.toThrow('fetch failed')
})
