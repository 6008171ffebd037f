import { expect, test } from 'vitest'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { filesOf } from '../system/leaks.ts'
import { World } from '../system/world.ts'

const built = buildTenant({ seed: 11, mailboxes: 40 })

/** Lines of one run, without time and invocation. */
function linesOf(lines: readonly string[], runId: string, level: string): string[] {
  return lines
    .filter((line) => line.includes(runId) && line.includes(` ${level} `))
    .map((line) => line.replace(/^\S+ \S+ +\[[^\]]*\] /, ''))
}

test('at INFO a run is about ten lines that tell its story, without an address', async () => {
  await using world = await World.start(built)
  const api = await world.startHost()
  const run = await api.sync({ perform_sync: true, allow_large_sync: true })
  await api.host.waitForLine(/run ended/)
  const story = ['INFO ', 'WARN ', 'ERROR'].flatMap((level) =>
    linesOf(api.host.lines, run.id, level),
  )
  expect(story.length).toBeGreaterThanOrEqual(9)
  expect(story.length).toBeLessThanOrEqual(12)
  const { create } = run.counts
  for (const beginning of [
    'run requested: sync',
    'run started: sync',
    'mailboxes listed: 40 in Exchange Online',
    'accounts listed: ',
    'everything is read',
    `planned: ${create.planned} create, `,
    'guard: let pass by allow_large_sync: ',
    `warnings: ${run.warnings.length} `,
    'applied: ',
    'run ended: succeeded',
  ]) {
    expect(story.filter((line) => line.startsWith(beginning))).toHaveLength(1)
  }
  expect(api.host.lines.filter((line) => line.includes('DEBUG'))).toEqual([])
})

test('at DEBUG every call has a line with status, duration and request id, and every change one with its address', async () => {
  await using world = await World.start({ ...built, env: { CLOUD_SYNC__LOG_LEVEL: 'DEBUG' } })
  const api = await world.startHost()
  const run = await api.sync({ perform_sync: true, allow_large_sync: true })
  await api.host.waitForLine(/run ended/)
  const lines = linesOf(api.host.lines, run.id, 'DEBUG')
  const calls = (upstream: string) => lines.filter((line) => line.startsWith(`call: ${upstream} `))
  const { log } = world.microsoft365
  expect(calls('exchange')).toHaveLength(log.count({ path: '^/exo' }))
  expect(calls('graph')).toHaveLength(log.count({ path: '^/graph' }))
  expect(calls('zivver')).toHaveLength(world.zivver.log.count({ path: 'Users|Groups' }))
  expect(calls('mail').length).toBeGreaterThanOrEqual(2)
  for (const line of [...calls('exchange'), ...calls('graph')]) {
    expect(line).toMatch(/"status":\d{3},"durationMs":\d+,"requestId":"[\w-]{36}"/)
  }
  const [change] = await api.changes(run.id, '&action=create')
  expect(lines.join('\n')).toContain(`create ${change?.['kind']} ${change?.['address']}: applied`)
})

test('the debug log in the mail holds the lines of every slice, and is forgotten after it', async () => {
  await using world = await World.start({
    ...built,
    env: { CLOUD_SYNC__LOG_LEVEL: 'DEBUG', CLOUD_SYNC__SLICE_SECONDS: '1' },
  })
  world.microsoft365.cmdletLatency.set(250, { tags: { cmdlet: 'Get-MailboxPermission' } })
  const api = await world.startHost()
  const run = await api.sync()
  await api.host.waitForLine(/run ended/)
  const [mail] = world.mail.outbox()
  const log = mail && filesOf(mail).find(({ name }) => name === 'debug.txt')?.text
  expect(log).toMatch(/run started: preview[^]*slice ended[^]*run goes on: slice 2/)
  const readings = log?.match(/call: exchange (?:Get-MailboxPermission|\$batch)/g)
  expect(readings).toHaveLength(
    world.microsoft365.log.count({ path: 'InvokeCommand|batch' }) -
      world.microsoft365.log.count({ tags: { cmdlet: 'Get-Mailbox' } }) -
      world.microsoft365.log.count({ tags: { cmdlet: 'Get-Recipient' } }),
  )
  expect(run.status).toBe('succeeded')
  await expect
    .poll(async () => (await world.rows('CloudSyncChanges')).map((row) => String(row['rowKey'])))
    .not.toContainEqual(expect.stringMatching(/^log-/))
})
