import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import * as z from 'zod'

const root = fileURLToPath(new URL('../../', import.meta.url))
const workflow = readFileSync(`${root}.github/workflows/release.yml`, 'utf8')
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(`${root}package.json`, 'utf8')))

test('a release checks, compiles the template, packs, attests and publishes, in this order', () => {
  const steps = [
    'bash .ci/run',
    'npm run template',
    'git diff --exit-code -- infra/azuredeploy.json',
    'npm run release',
    'actions/attest-build-provenance@',
    'actions/attest-sbom@',
    'gh release create "$TAG" dist/release/*',
    '$GITHUB_REPOSITORY.git" deploy',
  ]
  const places = steps.map((step) => workflow.indexOf(step))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((left, right) => left - right))
  const named = [...workflow.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '')
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

test('it may write what it attests, attests the package itself, and keeps the signing key to one step', () => {
  for (const right of ['id-token: write', 'attestations: write', 'contents: write']) {
    expect(workflow).toContain(right)
  }
  const subjects = [...workflow.matchAll(/subject-path: (.*)/g)].map(([, path]) => path)
  expect(subjects).toEqual(['dist/release/cloud-sync-*.zip', 'dist/release/cloud-sync-*.zip'])
  expect(workflow).toContain('sbom-path: dist/release/sbom.cdx.json')
  expect(workflow.match(/secrets\.\w+/g)).toEqual(['secrets.RELEASE_SIGNING_KEY'])
})
