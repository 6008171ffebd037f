import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createKeys, manifestOf, signEnvelope } from '../simulators/releases/signing.ts'
import { fault } from '../simulators/shared/fault-rule.ts'
import { installed, packageOf, startWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.releases.close())

const deployments = () => world.releases.deployed.map((bytes) => Buffer.from(bytes))

describe('a newer release', () => {
  test('is verified, the old package is kept, the new one published byte for byte, and both versions are recorded', async () => {
    world.releases.release('1.1.0', packageOf('1.1.0'))
    const attempt = await world.tick()
    expect(attempt).toMatchObject({ outcome: 'published', offered: '1.1.0' })
    expect(deployments()).toEqual([packageOf('1.1.0')])
    expect(world.kept).toEqual(['1.0.0'])
    expect(world.log.installation).toEqual({
      from: '1.0.0',
      to: '1.1.0',
      publishedAt: '2026-11-23T03:20:00.000Z',
      confirmedAt: null,
      previousPackage: 'kept as 1.0.0.zip',
    })
  })

  test('confirms itself at the first look that it makes, and then finds nothing to do', async () => {
    world.releases.release('1.1.0', packageOf('1.1.0'))
    await world.tick()
    const attempt = await world.tick({ installed: '1.1.0+abcdef0' })
    expect(attempt).toMatchObject({ outcome: 'current' })
    expect(world.log.installation?.confirmedAt).not.toBeNull()
    expect(world.lines).toContain('INFO updated from 1.0.0 to 1.1.0; kept as 1.0.0.zip')
    expect(deployments()).toHaveLength(1)
  })

  test('waits while a run is active, one that begins during the download included', async () => {
    world.releases.release('1.1.0', packageOf('1.1.0'))
    world.activeRun = 'run-1'
    expect(await world.tick()).toMatchObject({ outcome: 'postponed', offered: '1.1.0' })
    world.activeRun = null
    const packages = {
      keepInstalled: async () => {
        world.activeRun = 'run-2'
        return 'kept'
      },
    }
    expect(await world.tick({ packages })).toMatchObject({ outcome: 'postponed' })
    expect(deployments()).toEqual([])
    world.activeRun = null
    expect(await world.tick()).toMatchObject({ outcome: 'published' })
  })

  test('is not installed without a way back', async () => {
    world.releases.release('1.1.0', packageOf('1.1.0'))
    const attempt = await world.tick({ packages: { keepInstalled: async () => null } })
    expect(attempt).toMatchObject({ outcome: 'no_way_back' })
    expect(deployments()).toEqual([])
  })

  test('that an administrator took back is not installed again; the next one is', async () => {
    world.releases.release('1.1.0', packageOf('1.1.0'))
    await world.tick()
    await world.tick({ installed: '1.1.0' })
    expect(await world.tick()).toMatchObject({ outcome: 'taken_back', offered: '1.1.0' })
    world.releases.release('1.1.1', packageOf('1.1.1'))
    expect(await world.tick()).toMatchObject({ outcome: 'published', offered: '1.1.1' })
  })

  test('that was published and does not run is tried again after a day, not each hour', async () => {
    world.releases.release('1.1.0', packageOf('1.1.0'))
    await world.tick()
    expect(await world.tick()).toMatchObject({ outcome: 'postponed' })
    await world.clock.sleep(24 * 3_600_000)
    expect(await world.tick()).toMatchObject({ outcome: 'published' })
  })
})

describe('the installed version goes on, and why is stored and logged, when', () => {
  const spoil: readonly (readonly [string, string, RegExp, () => void])[] = [
    [
      'the signature is of another key',
      'signature_wrong',
      /not signed with the key/,
      () => {
        const manifest = JSON.stringify(manifestOf('1.1.0', packageOf('1.1.0')))
        newest().envelope = signEnvelope(manifest, createKeys())
      },
    ],
    [
      'the manifest was changed after it was signed',
      'signature_wrong',
      /not signed/,
      () => {
        const envelope = JSON.parse(newest().envelope) as Record<string, unknown>
        const manifest = JSON.stringify(manifestOf('9.9.9', packageOf('9.9.9')))
        const payload = Buffer.from(manifest).toString('base64')
        newest().envelope = JSON.stringify({ ...envelope, payload })
      },
    ],
    [
      'the package is another one of the same length',
      'checksum_wrong',
      /checksum differs/,
      () => void newest().bytes.fill(0, 10, 11),
    ],
    [
      'the package is longer than it was signed',
      'checksum_wrong',
      /checksum differs/,
      () => {
        newest().bytes = Buffer.concat([packageOf('1.1.0'), Buffer.from('more')])
      },
    ],
    [
      'the package is truncated',
      'package_truncated',
      /came with \d+ of \d+ bytes/,
      () => {
        newest().bytes = packageOf('1.1.0').subarray(0, 5000)
      },
    ],
    [
      'the connection is cut in the middle of the package',
      'feed_unreachable',
      /cannot be read/,
      () =>
        void world.releases.faults.add({
          match: { path: '\\.zip$' },
          action: { kind: 'truncate', bytes: 5000 },
        }),
    ],
    [
      'the release is older',
      'version_older',
      /older than 1\.0\.0/,
      () => void world.releases.release('0.9.0', packageOf('0.9.0')),
    ],
    [
      'the feed answers an error',
      'feed_unreachable',
      /answered 503/,
      () =>
        void world.releases.faults.add({
          match: { path: 'update.json' },
          action: { kind: 'answer', status: 503 },
        }),
    ],
    [
      'the feed cannot be reached',
      'feed_unreachable',
      /cannot be read/,
      () =>
        void world.releases.faults.add({
          match: { path: 'update.json' },
          action: { kind: 'close' },
        }),
    ],
    [
      'the feed is a page of HTML',
      'manifest_invalid',
      /no signed release manifest/,
      () => {
        newest().envelope = '<html>'
      },
    ],
    [
      'the deployment fails',
      'publish_failed',
      /The zip cannot be opened/,
      () => {
        world.releases.deploymentStatus = 3
      },
    ],
    [
      'the identity may not publish',
      'publish_failed',
      /Website Contributor/,
      () => void world.releases.faults.once({ method: 'POST' }, fault.status(403)),
    ],
  ]
  let newest: () => { envelope: string; bytes: Uint8Array }

  test.each(spoil)('%s', async (_name, problem, message, change) => {
    const release = world.releases.release('1.1.0', packageOf('1.1.0'))
    newest = () => release
    change()
    const attempt = await world.tick()
    expect(attempt).toMatchObject({ outcome: problem, message: expect.stringMatching(message) })
    expect(world.log.attempt).toEqual(attempt)
    expect(world.lines.at(-1)).toMatch(new RegExp(`^ERROR update: .*${message.source}`))
    expect(deployments()).toEqual([])
    // Nothing but a refused deployment ever reached the platform, and it is not recorded as an installation.
    expect(world.log.installation).toBeNull()
  })

  test('and the same release is installed once the fault is gone', async () => {
    world.releases.release('1.1.0', packageOf('1.1.0'))
    world.releases.deploymentStatus = 3
    await world.tick()
    world.releases.deploymentStatus = 4
    expect(await world.tick()).toMatchObject({ outcome: 'published' })
  })

  test('the code that runs is no release', async () => {
    world.releases.release('1.1.0', packageOf('1.1.0'))
    expect(await world.tick({ installed: 'unbuilt' })).toMatchObject({
      outcome: 'manifest_invalid',
      message: expect.stringContaining('unbuilt'),
    })
  })
})

test('a deployment whose end is not seen counts as published: the new version confirms itself', async () => {
  world.releases.release('1.1.0', packageOf('1.1.0'))
  world.releases.deploymentStatus = 1
  expect(await world.tick()).toMatchObject({ outcome: 'published' })
  expect(world.log.installation).toMatchObject({ to: '1.1.0', confirmedAt: null })
})

test('nothing is downloaded when the installed version is the newest', async () => {
  world.releases.release('1.0.0', packageOf('1.0.0'))
  expect(await world.tick()).toMatchObject({
    outcome: 'current',
    message: `${installed} is the newest release`,
  })
  expect(world.releases.log.count((entry) => entry.path.endsWith('.zip'))).toBe(0)
})

test('an RSA key of 2048 bits serves too; a shorter one and a text that is no key do not', async () => {
  const bytes = packageOf('1.1.0')
  const release = world.releases.release('1.1.0', bytes)
  const manifest = JSON.stringify(manifestOf('1.1.0', bytes))
  const short = createKeys('rsa', 1024)
  release.envelope = signEnvelope(manifest, short)
  for (const publicKey of [short.publicKey, 'no key']) {
    expect(await world.tick({ publicKey })).toMatchObject({ outcome: 'signature_wrong' })
  }
  const keys = createKeys('rsa')
  release.envelope = signEnvelope(manifest, keys)
  // As an app setting holds it: in one line, without its first and last one.
  const publicKey = keys.publicKey.replace(/-----.*-----/g, '').replaceAll('\n', '')
  expect(await world.tick({ publicKey })).toMatchObject({ outcome: 'published' })
})
