import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, onTestFinished, test } from 'vitest'
import { makePackage } from '../../infra/release/package.ts'
import { readParts } from '../../infra/release/parts.ts'
import { startHost } from '../host/start-host.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { Api } from '../system/api.ts'
import { World } from '../system/world.ts'

/** Unpacks a release where no module can be found beside it, as Azure does. */
async function unpackAlone(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'alone-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const files = unzipSync(makePackage(await readParts()))
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}

/** Folders of modules that code in this folder would be served from. */
function modulesAbove(folder: string): string[] {
  const here = join(folder, 'node_modules')
  const parent = dirname(folder)
  return [...(existsSync(here) ? [here] : []), ...(parent === folder ? [] : modulesAbove(parent))]
}

test('the package alone, without node_modules, starts in the local host and completes a sync', async () => {
  const folder = await unpackAlone()
  expect(modulesAbove(folder)).toEqual([])
  await using world = await World.start(buildTenant({ seed: 12, mailboxes: 30 }))
  await using host = await startHost({ env: world.env, bundle: join(folder, 'dist/index.mjs') })
  const api = new Api(host, world.secrets)
  const run = await api.sync({ perform_sync: true, allow_large_sync: true })
  expect(run).toMatchObject({ status: 'succeeded', report: { email: 'sent' } })
  expect(run.counts.create.applied).toBeGreaterThan(5)
  expect((await api.sync()).counts).toMatchObject({
    create: { planned: 0 },
    update: { planned: 0 },
  })
}, 60_000)
