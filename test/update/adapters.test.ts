import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/adapters/system-clock.ts'
import { defaultTiming } from '../../core/adapters/tables/storage-clients.ts'
import { createUpdateFeed } from '../../core/adapters/update/http-update-feed.ts'
import { deploymentOrigin } from '../../core/adapters/update/one-deploy-publisher.ts'
import {
  createPackageStore,
  packageContainerName,
} from '../../core/adapters/update/package-store.ts'
import { createUpdateLog } from '../../core/adapters/update/table-update-log.ts'
import { readInfra } from '../infra/template.ts'
import { type ReleaseSimulator, startReleases } from '../simulators/releases/server.ts'
import { fault } from '../simulators/shared/fault-rule.ts'
import { claimStorageAccount } from '../support/storage-account.ts'

describe('packages are kept in the container that the app is deployed from', () => {
  let connectionString: string
  let container: ContainerClient
  beforeEach(async () => {
    connectionString = await claimStorageAccount()
    const blobs = BlobServiceClient.fromConnectionString(connectionString)
    container = blobs.getContainerClient(packageContainerName)
  })
  const store = () =>
    createPackageStore({
      storage: { kind: 'connectionString', connectionString },
      blobServiceUri: undefined,
    })
  const put = (name: string, text: string) =>
    container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text))
  const names = async () => {
    const found: string[] = []
    for await (const { name } of container.listBlobsFlat()) found.push(name)
    return found
  }

  test('which Bicep gives the same name', () => {
    expect(readInfra('modules/storage.bicep')).toContain(`'${packageContainerName}'`)
  })

  test('a copy of the newest package is kept under the version that runs, and the answer says where', async () => {
    await container.create()
    await put('released-package.zip', 'code of 1.0.0')
    await put('notes.txt', 'not a package')
    expect(await store().keepInstalled('1.0.0')).toContain('previous/cloud-sync-1.0.0.zip')
    const kept = container.getBlobClient('previous/cloud-sync-1.0.0.zip')
    expect(String(await kept.downloadToBuffer())).toBe('code of 1.0.0')
  })

  test('five old packages are kept at most, and the one that runs is never dropped', async () => {
    await container.create()
    await put('released-package.zip', 'code')
    for (let patch = 0; patch < 7; patch++) await store().keepInstalled(`1.0.${patch}`)
    expect(await names()).toHaveLength(6)
    expect(await names()).toEqual(
      expect.arrayContaining(['released-package.zip', 'previous/cloud-sync-1.0.6.zip']),
    )
  })

  test('without a package there is nothing to keep', async () => {
    expect(await store().keepInstalled('1.0.0')).toBeNull()
    await container.create()
    expect(await store().keepInstalled('1.0.0')).toBeNull()
  })
})

describe('what happened is kept in CloudSyncUpdates', () => {
  let connectionString: string
  beforeAll(async () => {
    connectionString = await claimStorageAccount()
  })
  const open = () =>
    createUpdateLog(
      { settings: { kind: 'connectionString', connectionString }, timing: defaultTiming },
      systemClock,
    )

  test('the last attempt and the last installation, each as it was written', async () => {
    const log = open()
    expect(await log.lastAttempt()).toBeNull()
    expect(await log.lastInstallation()).toBeNull()
    const at = '2026-11-23T03:20:00.000Z'
    const attempt = { at, outcome: 'checksum_wrong', offered: null, message: 'differs' } as const
    await log.recordAttempt(attempt)
    expect(await open().lastAttempt()).toEqual(attempt)
    const installation = {
      from: '1.0.0',
      to: '1.1.0',
      publishedAt: at,
      confirmedAt: null,
      previousPackage: 'kept',
    }
    await log.recordInstallation(installation)
    expect(await open().lastInstallation()).toEqual(installation)
    await log.recordInstallation({ ...installation, confirmedAt: at })
    expect(await open().lastInstallation()).toEqual({ ...installation, confirmedAt: at })
    await log.recordInstallation(null)
    expect(await open().lastInstallation()).toBeNull()
  })
})

test('the deployment host is beside the app, regional names included; the local host is its own', () => {
  expect(deploymentOrigin('cloudsync-x1.azurewebsites.net')).toBe(
    'https://cloudsync-x1.scm.azurewebsites.net',
  )
  expect(deploymentOrigin('cloudsync-x1.westeurope-01.azurewebsites.net')).toBe(
    'https://cloudsync-x1.scm.westeurope-01.azurewebsites.net',
  )
  expect(deploymentOrigin('127.0.0.1:7071')).toBe('http://127.0.0.1:7071')
  expect(() => deploymentOrigin(undefined)).toThrow(/WEBSITE_HOSTNAME/)
})

describe('the feed', () => {
  let releases: ReleaseSimulator
  beforeEach(async () => {
    releases = await startReleases({ token: null })
  })
  afterEach(() => releases.close())

  test('is followed to where a release page sends it', async () => {
    const release = releases.release('1.1.0', Buffer.from('code'))
    const target = `${releases.url}/releases/update.json`
    releases.faults.once({}, fault.redirect(target))
    const feed = createUpdateFeed(`${releases.url}/latest`)
    expect(await feed.fetchEnvelope()).toBe(release.envelope)
  })

  test('is not followed to a place without https', async () => {
    const elsewhere = await startReleases({ token: null })
    elsewhere.release('1.1.0', Buffer.from('code'))
    releases.faults.once({}, fault.redirect(elsewhere.feedUrl))
    const envelope = createUpdateFeed(releases.feedUrl).fetchEnvelope()
    await expect(envelope).rejects.toMatchObject({
      problem: 'feed_unreachable',
      message: expect.stringContaining('redirected to a place without https'),
    })
    await elsewhere.close()
  })

  test('gives one byte too many at most, and no package from a place without https', async () => {
    releases.release('1.1.0', Buffer.alloc(1_000_000))
    const feed = createUpdateFeed(releases.feedUrl)
    expect(await feed.fetchPackage('cloud-sync-1.1.0.zip', 1000)).toHaveLength(1001)
    const elsewhere = feed.fetchPackage('http://fabrikam.example/package.zip', 1000)
    await expect(elsewhere).rejects.toMatchObject({ problem: 'feed_unreachable' })
  })
})
