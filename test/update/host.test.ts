import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageContainerName } from '../../core/adapters/update/package-store.ts'
import { healthSchema } from '../../core/api/health.ts'
import { makePackage } from '../../infra/release/package.ts'
import { readParts } from '../../infra/release/parts.ts'
import { environment } from '../config/environment.ts'
import { type HostProcess, startHost } from '../host/start-host.ts'
import {
  type Release,
  type ReleaseSimulator,
  startReleases,
} from '../simulators/releases/server.ts'
import { createKeys, manifestOf, signEnvelope } from '../simulators/releases/signing.ts'
import { jsonAnswer } from '../simulators/shared/call.ts'
import { fault } from '../simulators/shared/fault-rule.ts'
import { type SimulatorServer, startServer } from '../simulators/shared/server.ts'
import { claimStorageAccount } from '../support/storage-account.ts'

// Two releases of the app as it is, packed as a release packs them, in the local host.
const oldVersion = '1.0.0'
const newVersion = '1.1.0'
const token = 'token-for-management.azure.com'
const key = 'function-key'

let folder: string
let releases: ReleaseSimulator
let identity: SimulatorServer
let env: Record<string, string | undefined>
let oldPackage: Uint8Array
let newPackage: Uint8Array
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'update-'))
  releases = await startReleases({ token })
  identity = await startServer({
    handle: ({ query }) => {
      const resource = query.get('resource')
      if (resource === null) return jsonAnswer(404, {})
      return jsonAnswer(200, {
        access_token: `token-for-${new URL(resource).host}`,
        expires_on: String(Math.floor(Date.now() / 1000) + 3600),
        resource,
        token_type: 'Bearer',
      })
    },
  })
  const connectionString = await claimStorageAccount()
  env = {
    ...environment(),
    AzureWebJobsStorage: connectionString,
    FUNCTIONS_LOCAL_KEY: key,
    IDENTITY_ENDPOINT: `${identity.url}/msi/token`,
    IDENTITY_HEADER: 'header',
    // Not asked by an update; health asks them, and shall not wait for it.
    CLOUD_SYNC__EXCHANGE_URL: identity.url,
    CLOUD_SYNC__GRAPH_URL: identity.url,
    CLOUD_SYNC__ZIVVER_API_URL: identity.url,
    // Where Azure would have the app itself: its deployment host is beside it.
    WEBSITE_HOSTNAME: new URL(releases.url).host,
    CLOUD_SYNC__UPDATE_FEED: releases.feedUrl,
    CLOUD_SYNC__UPDATE_PUBLIC_KEY: releases.keys.publicKey,
  }
  oldPackage = await packageOf(oldVersion)
  newPackage = await packageOf(newVersion)
  const container =
    BlobServiceClient.fromConnectionString(connectionString).getContainerClient(
      packageContainerName,
    )
  await container.create()
  await container.getBlockBlobClient('released-package.zip').uploadData(oldPackage)
}, 60_000)
afterAll(async () => {
  await Promise.all([releases.close(), identity.close()])
  await rm(folder, { recursive: true })
})

async function packageOf(version: string): Promise<Uint8Array> {
  const outfile = join(folder, version, 'built', 'index.mjs')
  return makePackage(await readParts({ version, outfile }))
}

/** Starts the host on what a package holds, as the platform does after a deployment. */
async function startPackage(name: string, bytes: Uint8Array): Promise<HostProcess> {
  const bundle = join(folder, `${name}.mjs`)
  await writeFile(bundle, unzipSync(bytes)['dist/index.mjs'] ?? '')
  return startHost({ env, bundle })
}

async function tick(host: HostProcess, expected: RegExp): Promise<void> {
  const from = host.lines.length
  const response = await fetch(`${host.url}/admin/functions/selfUpdate`, {
    method: 'POST',
    headers: { 'x-functions-key': key, 'content-type': 'application/json' },
    body: '{}',
  })
  expect(response.status).toBe(202)
  await expect.poll(() => host.lines.slice(from).join('\n'), { timeout: 20_000 }).toMatch(expected)
}

/** What `GET /api/health` says of the version. */
async function versionCheck(host: HostProcess): Promise<unknown> {
  const response = await fetch(`${host.url}/api/health`, { headers: { 'x-functions-key': key } })
  const { checks } = healthSchema.parse(await response.json())
  return checks.find(({ name }) => name === 'version')
}

/** How a release can be wrong, and what is said of it. */
const refusals: readonly (readonly [string, RegExp, (release: Release) => void])[] = [
  [
    'a wrong signature',
    /not signed with the key/,
    (release) => {
      release.envelope = signEnvelope(
        JSON.stringify(manifestOf(newVersion, newPackage)),
        createKeys(),
      )
    },
  ],
  [
    'a wrong checksum',
    /checksum differs/,
    (release) => {
      release.bytes = Buffer.concat([newPackage.subarray(0, -1), Buffer.from('x')])
    },
  ],
  [
    'a truncated package',
    /came with 5000 of \d+ bytes/,
    (release) => {
      release.bytes = newPackage.subarray(0, 5000)
    },
  ],
  [
    'an older version',
    /0\.9\.0, which is older than 1\.0\.0/,
    () => void releases.release('0.9.0', oldPackage),
  ],
  [
    'an unreachable feed',
    /cannot be read/,
    () =>
      void releases.faults.add({ match: { path: 'update.json' }, action: fault.closedBefore() }),
  ],
]

test('release N goes on, and says in health and log what was wrong, after a wrong signature, a wrong checksum, a truncated package, an older version and an unreachable feed', async () => {
  await using host = await startPackage('old', oldPackage)
  for (const [name, message, spoil] of refusals) {
    spoil(releases.release(newVersion, newPackage))
    await tick(host, new RegExp(`ERROR .*update: .*${message.source}`))
    expect([name, await versionCheck(host)]).toMatchObject([
      name,
      {
        status: 'warning',
        message: expect.stringMatching(new RegExp(`^Cloud Sync 1\\.0\\.0\\..*${message.source}`)),
        remedy: expect.stringContaining('The installed version goes on'),
      },
    ])
  }
  expect(releases.deployed).toHaveLength(0)
}, 60_000)

test('release N updates to N+1, which knows where it came from', async () => {
  releases.faults.clear()
  releases.release(newVersion, newPackage)
  let host = await startPackage('old', oldPackage)
  await tick(host, /update: 1\.1\.0 is published in place of 1\.0\.0/)
  await host.stop()

  const [deployed = new Uint8Array()] = releases.deployed
  host = await startPackage('new', deployed)
  await tick(
    host,
    /updated from 1\.0\.0 to 1\.1\.0; to go back, deploy blob previous\/cloud-sync-1\.0\.0\.zip/,
  )
  await expect
    .poll(() => versionCheck(host), { timeout: 20_000 })
    .toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^Cloud Sync 1\.1\.0\. .*1\.1\.0 is the newest release$/),
    })
  await host.stop()
}, 60_000)
