import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type BicepCompiler, findBicep } from '../../infra/tools/bicep-compiler.ts'
import { compileTemplate } from '../../infra/tools/compile.ts'
import { bicepReader } from './bicep-syntax.ts'
import { readInfra } from './template.ts'

const infra = new URL('../../infra/', import.meta.url)
const modules = readdirSync(new URL('modules', infra)).map((name) => `modules/${name}`)

// From NuGet where it can be reached; `npm test` must not need it.
const bicep = await findBicep()
console.log(
  bicep === null
    ? 'Bicep: no compiler can be had here; the files are parsed, and their names compared with the template as it was last compiled'
    : `Bicep: compiled and linted by ${bicep.path}`,
)

describe.skipIf(bicep === null)('the compiler', () => {
  // Each start of it takes seconds: all at once.
  const started = bicep === null ? null : startCompiler(bicep)

  test('makes azuredeploy.json of main.bicep, without a warning (else: `npm run template`)', async () => {
    const compiled = await started?.template
    expect(compiled?.findings).toBe('')
    expect(readInfra('azuredeploy.json') === compiled?.text).toBe(true)
  }, 60_000)

  test('takes both parameter files for their templates, without a warning', async () => {
    for (const output of (await started?.parameters) ?? []) {
      expect(output.stdout).toContain('not-a-key')
      expect(output.stderr).toBe('')
    }
  }, 60_000)
})

function startCompiler(compiler: BicepCompiler) {
  const env = {
    ZIVVER_API_KEY: 'not-a-key',
    INCLUDED_DOMAINS: 'contoso.example',
    SSO_ACCOUNT_KEY: 'omit',
    EMAIL_RECIPIENTS: 'administrators@contoso.example',
  }
  const parameters = ['main.bicepparam', 'azd/main.bicepparam'].map((file) =>
    compiler.run(['build-params', fileURLToPath(new URL(file, infra)), '--stdout'], env),
  )
  return { template: compileTemplate(compiler), parameters: Promise.all(parameters) }
}

test.each(['main.bicep', ...modules])(
  '%s parses, and names no property that the compiled template does not have',
  async (file) => {
    const { errors, properties } = (await bicepReader())(readInfra(file))
    expect(errors).toEqual([])
    expect(properties.length).toBeGreaterThan(0)
    // The compiler, which knows the types of Azure, has checked these names. Two are words of Bicep itself.
    const known = readInfra('azuredeploy.json')
    const ofBicep = new Set(['params', 'parent'])
    const unknown = properties.filter(
      (name) => !ofBicep.has(name) && !new RegExp(`["']${name}["']`).test(known),
    )
    expect(unknown).toEqual([])
  },
)

test('the parser that stands in for the compiler does find a mistake', async () => {
  const read = await bicepReader()
  expect(read("param a string\nresource x 'A/b@2024-01-01' = {\n").errors).not.toEqual([])
  expect(read("var a = { verison: '24' }").properties).toEqual(['verison'])
  expect(read(readInfra('azd/main.bicep')).errors).toEqual([])
})
