import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { leaksIn } from '../system/leaks.ts'
import { type Api, World } from '../system/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'cloud-sync-verify-'))
let world: World
let api: Api

beforeAll(async () => {
  world = await World.start(buildTenant({ seed: 5, mailboxes: 40 }))
  api = await world.startHost()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await world[Symbol.asyncDispose]()
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command of `infra/verify` with the settings of the world, as an administrator would. */
async function command(name: string, ...args: string[]): Promise<Ended> {
  const script = fileURLToPath(new URL(`../../infra/verify/${name}.ts`, import.meta.url))
  const { PATH, HOME } = process.env
  const env = Object.fromEntries(
    Object.entries({ PATH, HOME, ...world.env }).filter(([, value]) => value !== undefined),
  )
  try {
    const ended = await promisify(execFile)(process.execPath, [script, ...args], { env })
    return { code: 0, ...ended }
  } catch (error) {
    const { code, stdout, stderr } = error as Ended
    return { code, stdout, stderr }
  }
}

test('a support bundle of a run replays its plan, names nobody, and writes nothing upstream', async () => {
  const run = await api.sync({ perform_sync: true })
  expect(run.status).toBe('blocked')
  const writes = world.zivver.writes().length
  const file = join(folder, 'bundle.json')
  const made = await command('support-bundle', '--run', run.id, '--out', file)
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/40 mailboxes.*replays/) })
  const text = readFileSync(file, 'utf8')
  expect(JSON.parse(text).run).toMatchObject({ id: run.id, status: 'blocked' })
  expect(leaksIn([['bundle', text]], world.secrets)).toEqual([])
  expect(text).not.toMatch(/contoso|fabrikam/i)
  expect(world.zivver.writes()).toHaveLength(writes)

  const replayed = await command('replay', file)
  expect(replayed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/The plan is the same\.\n$/),
  })
  expect(replayed.stdout).toContain(`create       ${run.counts.create.planned}`)

  const bundle = JSON.parse(text)
  writeFileSync(file, JSON.stringify({ ...bundle, plan: bundle.plan.slice(1) }))
  const other = await command('replay', file)
  expect([other.code, other.stdout.match(/^only now /gm)]).toEqual([1, ['only now ']])
})

test('what is no bundle, no run or no setting is said plainly', async () => {
  const file = join(folder, 'other.json')
  writeFileSync(file, '{"format":"something"}')
  expect((await command('replay', file)).code).toBe(2)
  const unknown = await command('support-bundle', '--run', 'nobody')
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('no run nobody') })
})

test('verify proves the assumptions on the tenant, reads only, and its evidence names nobody', async () => {
  const file = join(folder, 'verify.json')
  const writes = world.zivver.writes().length
  const ended = await command('verify', '--out', file)
  expect(ended.stderr).toBe('')
  const text = readFileSync(file, 'utf8')
  const verdicts = new Map<string, string>(
    JSON.parse(text).verdicts.map(({ id, verdict }: Record<string, string>) => [id, verdict]),
  )
  const notAsked = [...verdicts].filter(([, verdict]) => verdict === 'not_asked')
  expect(notAsked.map(([id]) => id)).toEqual([
    'write.without_sso_key',
    'write.identifier',
    'write.reactivate',
    'write.alias_is_primary',
  ])
  // The tokens of this tenant are opaque.
  expect(verdicts.get('rights.granted')).toBe('unclear')
  const others = [...verdicts].filter(([id]) => !/^write|^rights/.test(id))
  expect(others.filter(([, verdict]) => verdict !== 'holds')).toEqual([])
  expect(ended.code).toBe(0)
  expect(world.zivver.writes()).toHaveLength(writes)
  expect(leaksIn([['evidence', text + ended.stdout]], world.secrets)).toEqual([])
  expect(text + ended.stdout).not.toMatch(/contoso|fabrikam|@/i)
})

test('with a throw-away account the write questions are asked too, on that account alone', async () => {
  const [account] = world.zivver.state.views().filter(({ kind }) => kind === 'user')
  const file = join(folder, 'written.json')
  const before = world.zivver.writes().length
  await command('verify', '--out', file, '--write-to', account?.address ?? '')
  const verdicts: { id: string; verdict: string }[] = JSON.parse(
    readFileSync(file, 'utf8'),
  ).verdicts
  const asked = verdicts.filter(({ id }) => id.startsWith('write.'))
  expect(asked).toHaveLength(4)
  expect(asked.map(({ verdict }) => verdict)).not.toContain('not_asked')
  const written = world.zivver.writes().slice(before)
  expect(new Set(written.map(({ id }) => id))).toEqual(new Set([account?.id]))
  const after = world.zivver.state.views().find(({ id }) => id === account?.id)
  expect(after).toEqual(account)
})

test('the dashboard proves the same over HTTP: reads only, names nobody, and is refused while a run is active', async () => {
  const writes = world.zivver.writes().length
  const { status, text } = await api.call('POST', '/api/verify')
  expect(status).toBe(200)
  const verdicts = new Map<string, string>(
    JSON.parse(text).verdicts.map(({ id, verdict }: Record<string, string>) => [id, verdict]),
  )
  const others = [...verdicts].filter(([id]) => !/^write|^rights/.test(id))
  expect(others.filter(([, verdict]) => verdict !== 'holds')).toEqual([])
  expect(others.length).toBeGreaterThanOrEqual(12)
  expect(text).not.toMatch(/contoso|fabrikam|@/i)
  expect(world.zivver.writes()).toHaveLength(writes)

  world.microsoft365.cmdletLatency.set(300)
  const { id } = await api.started()
  expect(await api.call('POST', '/api/verify')).toMatchObject({
    status: 409,
    json: { active_run: id },
  })
  world.microsoft365.cmdletLatency.clear()
  await api.ended(id)
  const { status: withoutKey } = await api.call('POST', '/api/verify', {
    headers: { 'x-functions-key': '' },
  })
  expect(withoutKey).toBe(401)
})
