import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildTenant } from '../tenant/build-tenant.ts'

const folder = mkdtempSync(join(tmpdir(), 'microsoft365-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Announcement {
  readonly url: string
  readonly environment: Readonly<Record<string, string>>
}

async function serve(argument: object) {
  const script = join(import.meta.dirname, 'serve.ts')
  const child = fork(script, [JSON.stringify(argument)], { silent: true })
  const [announced] = (await once(child, 'message')) as [Announcement]
  const act = async (body: object) => {
    const answer = await fetch(`${announced.url}/__control/state`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
  const stop = async () => {
    child.disconnect()
    return await once(child, 'exit')
  }
  return { announced, act, stop }
}

test('runs in a process of its own, is steered from outside, keeps its tenant, and ends with its parent', async () => {
  const options = { seed: 2, mailboxes: 25, awkward: 0 }
  const argument = { tenant: options, tenantFile: join(folder, 'tenant.json') }
  const first = await serve(argument)
  const { tenant } = buildTenant(options)
  const mailbox = [...tenant.mailboxes.values()][0]
  expect(first.announced.environment).toMatchObject({
    CLOUD_SYNC__TENANT_ID: tenant.id,
    IDENTITY_ENDPOINT: `${first.announced.url}/msi/token`,
    CLOUD_SYNC__EXCHANGE_URL: `${first.announced.url}/exo`,
    CLOUD_SYNC__GRAPH_URL: `${first.announced.url}/graph`,
  })
  const change = {
    action: 'rename',
    mailbox: mailbox?.exchangeGuid,
    address: 'renamed@contoso.example',
  }
  expect((await first.act(change)).status).toBe(200)
  const mutated = await first.act({ action: 'mutate', seed: 1, count: 3 })
  expect(mutated.json['mutations']).toHaveLength(3)
  expect(
    (await first.act({ action: 'settings', patch: { exchange: { maxPagesize: 1 } } })).status,
  ).toBe(400)
  expect((await first.act({ action: 'facts' })).json['includedDomains']).toContain(
    'contoso.example',
  )
  const before = (await first.act({ action: 'export' })).json
  await first.act({ action: 'save' })
  expect(await first.stop()).toEqual([0, null])
  const second = await serve(argument)
  expect((await second.act({ action: 'export' })).json).toEqual(before)
  await second.stop()
}, 20_000)
