import { execFile } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { openEnvelope } from '../../core/update/envelope.ts'
import { checkPackage, parseManifest } from '../../core/update/manifest.ts'
import { makePackage } from '../../infra/release/package.ts'
import { projectVersion } from '../../infra/release/parts.ts'
import { makeRelease } from '../../infra/release/release.ts'
import { stampTemplate } from '../../infra/release/stamp.ts'
import { identityId } from '../simulators/arm-graph/directory.ts'
import { startGraphWrite } from '../simulators/arm-graph/server.ts'
import { readInfra } from './template.ts'

const baseUrl = 'https://releases.contoso.example/deploy'
const signingKey = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
let folder: string
let version: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
  version = await projectVersion()
  await makeRelease({ baseUrl, signingKey, folder })
})
afterAll(() => rm(folder, { recursive: true }))

const bytesOf = (name: string) => readFile(join(folder, name))
const textOf = async (name: string) => String(await bytesOf(name))
const parametersOf = (template: string) =>
  (JSON.parse(template) as { parameters: Record<string, { defaultValue?: string }> }).parameters

describe('a release', () => {
  test('has the package, its checksum, the signed manifest, the template, the form, the grant script and the button', async () => {
    expect(await readdir(folder)).toEqual([
      'README.md',
      'azuredeploy.json',
      `cloud-sync-${version}.zip`,
      `cloud-sync-${version}.zip.sha256`,
      'createUiDefinition.json',
      'grant-permissions.mjs',
      'sbom.cdx.json',
      'update.json',
    ])
  })

  test('is one that the app itself takes for an update', async () => {
    const parameters = parametersOf(await textOf('azuredeploy.json'))
    const publicKey = parameters['updatePublicKey']?.defaultValue ?? ''
    const manifest = parseManifest(openEnvelope(await textOf('update.json'), publicKey))
    expect(manifest.version).toBe(version)
    const bytes = await bytesOf(manifest.package)
    expect(() => checkPackage(bytes, manifest)).not.toThrow()
    expect(await textOf(`${manifest.package}.sha256`)).toBe(
      `${manifest.sha256}  ${manifest.package}\n`,
    )
  })

  test('is what the template of its Deploy-to-Azure button deploys and updates from', async () => {
    expect(parametersOf(await textOf('azuredeploy.json'))).toMatchObject({
      packageUri: { defaultValue: `${baseUrl}/cloud-sync-${version}.zip` },
      updateFeed: { defaultValue: `${baseUrl}/update.json` },
      updatePublicKey: {
        defaultValue: createPublicKey(signingKey)
          .export({ type: 'spki', format: 'der' })
          .toString('base64'),
      },
    })
    expect(await textOf('createUiDefinition.json')).toBe(readInfra('createUiDefinition.json'))
  })

  test('has a list of parts with every package that is in the bundle, and no other', async () => {
    const sbom = z
      .object({
        bomFormat: z.literal('CycloneDX'),
        serialNumber: z.string().regex(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        metadata: z.object({
          component: z.object({ hashes: z.array(z.object({ content: z.string() })) }),
        }),
        components: z.array(z.object({ name: z.string(), version: z.string(), purl: z.string() })),
      })
      .parse(JSON.parse(await textOf('sbom.cdx.json')))
    const pinned = z.record(z.string(), z.string())
    const { dependencies, devDependencies } = z
      .object({ dependencies: pinned, devDependencies: pinned })
      .parse(JSON.parse(await readFile('package.json', 'utf8')))
    const listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`))
    const isListed = ([name, version]: [string, string]) => listed.has(`${name}@${version}`)
    expect(Object.entries(dependencies).filter((each) => !isListed(each))).toEqual([])
    expect(Object.entries(devDependencies).filter(isListed)).toEqual([])
    const purls = sbom.components.map(({ purl }) => purl)
    expect(new Set(purls).size).toBe(purls.length)
    expect(
      purls.filter((purl) => !/^pkg:npm\/(?:%40[\w-]+\/)?[\w.-]+@\d+\.\d+\.\d+/.test(purl)),
    ).toEqual([])
    expect(sbom.metadata.component.hashes[0]?.content).toBe(
      (await textOf(`cloud-sync-${version}.zip.sha256`)).split(' ')[0],
    )
  })

  test('has a page whose button opens its own template and form, and which says how to grant the rights', async () => {
    expect(await textOf('README.md')).toContain(`curl -fsSO ${baseUrl}/grant-permissions.mjs\n`)
    const [, address = ''] =
      /\]\((https:\/\/portal\.azure\.com\/#[^)]+)\)/.exec(await textOf('README.md')) ?? []
    const [, template = '', form = ''] =
      /\/uri\/([^/]+)\/createUIDefinitionUri\/(.+)$/.exec(address) ?? []
    expect([template, form].map(decodeURIComponent)).toEqual([
      `${baseUrl}/azuredeploy.json`,
      `${baseUrl}/createUiDefinition.json`,
    ])
  })

  test('has a grant script that is one file, and runs as the set-up page says', async () => {
    const graph = await startGraphWrite()
    onTestFinished(() => graph.close())
    const run = async (...args: string[]) => {
      const script = join(folder, 'grant-permissions.mjs')
      const env = { ...process.env, GRAPH_TOKEN: graph.options.token }
      const given = [script, '--principal-id', identityId, '--graph-url', graph.url, ...args]
      return (await promisify(execFile)(process.execPath, given, { env })).stdout
    }
    expect(await run('--help')).toContain('--principal-id')
    expect(await run('--what-if')).toMatch(/would add[^]*Nothing was changed/)
    expect(graph.directory.held()).toEqual([])
    await run()
    expect(graph.directory.held()).toHaveLength(5)
    await run('--revoke')
    expect(graph.directory.held()).toEqual([])
  })
})

describe('the package', () => {
  const parts = { version: '1.2.3', hostJson: '{}', bundle: 'export {}' }

  test('holds what the worker needs and nothing that has to be installed', async () => {
    const files = unzipSync(await bytesOf(`cloud-sync-${version}.zip`))
    expect(Object.keys(files)).toEqual(['host.json', 'package.json', 'dist/index.mjs'])
    const manifest: unknown = JSON.parse(strFromU8(files['package.json'] ?? new Uint8Array()))
    expect(manifest).toEqual({
      name: 'cloud-sync',
      version,
      type: 'module',
      main: 'dist/index.mjs',
    })
  })

  test('is the same bytes for the same code, and readable for the host of Azure', () => {
    const zip = Buffer.from(makePackage(parts))
    expect(Buffer.from(makePackage(parts)).equals(zip)).toBe(true)
    // Central directory (APPNOTE 4.3.12): "made by" is Unix, and the mode is 0644.
    const entry = zip.indexOf(Buffer.from('PK\u0001\u0002'))
    expect(zip.readUInt8(entry + 5)).toBe(3)
    expect((zip.readUInt32LE(entry + 38) >>> 16) & 0o777).toBe(0o644)
  })
})

test('a template without the parameters of a release is not stamped', () => {
  const addresses = { packageUri: 'a', updateFeed: 'b', updatePublicKey: 'c' }
  expect(() => stampTemplate('{"parameters":{}}', addresses)).toThrow(/packageUri/)
})
