import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageContainerName } from '../../core/adapters/update/package-store.ts'
import { makePackage } from '../../infra/release/package.ts'
import { readParts } from '../../infra/release/parts.ts'
import { environment } from '../config/environment.ts'
import { type HostProcess, startHost } from '../host/start-host.ts'
import { type ReleaseSimulator, startReleases } from '../simulators/releases/server.ts'
import { jsonAnswer } from '../simulators/shared/call.ts'
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
    handle: ({ query }) =>
      jsonAnswer(200, {
        access_token: `token-for-${new URL(query.get('resource') ?? '').host}`,
        expires_on: String(Math.floor(Date.now() / 1000) + 3600),
        resource: query.get('resource'),
        token_type: 'Bearer',
      }),
  })
  const connectionString = await claimStorageAccount()
  env = {
    ...environment(),
    AzureWebJobsStorage: connectionString,
    FUNCTIONS_LOCAL_KEY: key,
    IDENTITY_ENDPOINT: `${identity.url}/msi/token`,
    IDENTITY_HEADER: 'header',
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

test('release N refuses a tampered N+1 and goes on, then updates to the true one, which knows where it came from', async () => {
  const release = releases.release(newVersion, newPackage)
  release.bytes = Buffer.concat([newPackage.subarray(0, -1), Buffer.from('x')])
  let host = await startPackage('old', oldPackage)
  await tick(host, /update: .*checksum differs.*checksum_wrong/)
  expect(releases.deployed).toHaveLength(0)

  release.bytes = newPackage
  await tick(host, /update: 1\.1\.0 is published in place of 1\.0\.0/)
  await host.stop()

  const [deployed = new Uint8Array()] = releases.deployed
  host = await startPackage('new', deployed)
  await tick(
    host,
    /updated from 1\.0\.0 to 1\.1\.0; to go back, deploy blob previous\/cloud-sync-1\.0\.0\.zip/,
  )
  await host.stop()
}, 60_000)
