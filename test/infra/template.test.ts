import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import {
  platformSettings,
  type SettingDefinition,
  settingDefinitions,
  settingPrefix,
} from '../../core/config/definitions.ts'
import { deployedWorkerSettings } from '../support/deployed-worker.ts'
import { bicepParamNames, readInfra, readTemplate } from './template.ts'

const template = readTemplate()
const textOf = (name: string) => JSON.stringify(template.resources[name])
const definitions = Object.values<SettingDefinition>(settingDefinitions)
const allSettings = definitions.map(({ name }) => settingPrefix + name).sort()
const namesIn = (text: string) => [...new Set(text.match(/\bCLOUD_SYNC__[A-Z0-9_]+/g) ?? [])].sort()

describe('app settings', () => {
  test('of the template are those of the schema and of local.settings.example.json', () => {
    const example = readFileSync(
      new URL('../../local.settings.example.json', import.meta.url),
      'utf8',
    )
    expect(namesIn(textOf('appSettings'))).toEqual(allSettings)
    expect(namesIn(example)).toEqual(allSettings)
  })

  test('that the form does not ask for have the defaults of the schema', () => {
    const defaults = z
      .record(z.string(), z.string())
      .parse(template.resources['appSettings']?.properties.template.variables['defaults'])
    const expected = definitions
      .filter(({ name }) => settingPrefix + name in defaults)
      .map((definition) => [settingPrefix + definition.name, definition.default])
    expect(defaults).toEqual(Object.fromEntries(expected))
    expect(expected.length).toBeGreaterThan(10)
  })

  test('beside ours are the ones of the platform, none of which holds a secret', () => {
    const others = textOf('appSettings').match(/\b(?:AzureWebJobs|APPLICATIONINSIGHTS_)\w+/g)
    const documented = platformSettings.map(({ name }) => name)
    // How the host, not Cloud Sync, is to sign in.
    const ofTheHost = [
      'AzureWebJobsStorage__credential',
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    ]
    expect(new Set(others)).toEqual(
      new Set([
        'AzureWebJobsStorage__accountName',
        'APPLICATIONINSIGHTS_CONNECTION_STRING',
        ...ofTheHost,
      ]),
    )
    for (const name of new Set(others)) expect([...documented, ...ofTheHost]).toContain(name)
  })

  test('say what Node.js is started with: its old generation may take half of the instance, and a setting by hand stays', () => {
    const given = /max-old-space-size=(\d+)/.exec(textOf('appSettings'))?.[1]
    const instance = /"instanceMemoryMB":(\d+)/.exec(textOf('functionApp'))?.[1]
    expect(Number(given)).toBe(Number(instance) / 2)
    expect(textOf('appSettings')).toContain(
      "union(variables('defaults'), variables('worker'), parameters('current')",
    )
    // What hosts in tests and measurements are started with.
    const { appSettings } = template.resources
    expect(deployedWorkerSettings()).toEqual(appSettings?.properties.template.variables['worker'])
  })

  test('come after the role assignments, so that the Key Vault reference resolves at the first start', () => {
    expect(template.resources['appSettings']?.dependsOn).toContain('roleAssignments')
    expect(template.resources['code']?.dependsOn).toContain('appSettings')
    expect(textOf('appSettings')).toContain('@Microsoft.KeyVault(SecretUri=')
  })
})

describe('secrets', () => {
  test('the key and the settings of a former deployment are secure parameters, wherever they go', () => {
    expect(template.parameters['zivverApiKey']?.type).toBe('securestring')
    const { keyVault, appSettings } = template.resources
    expect(keyVault?.properties.template.parameters['zivverApiKey']?.type).toBe('securestring')
    expect(appSettings?.properties.template.parameters['current']?.type).toBe('secureObject')
  })

  test('no output of the template or of a module holds one', () => {
    const outputs = [
      template,
      ...Object.values(template.resources).map((each) => each.properties.template),
    ].flatMap((each) => Object.values(each.outputs))
    const text = JSON.stringify(outputs)
    expect(text).not.toMatch(/list[A-Z]\w*\(|'zivverApiKey'|'current'/)
    expect(outputs.length).toBeGreaterThan(5)
  })

  test('storage has no keys, no public blob, and TLS 1.2; code comes without a password', () => {
    for (const rule of [
      '"allowSharedKeyAccess":false',
      '"allowBlobPublicAccess":false',
      '"TLS1_2"',
      '"publicAccess":"None"',
    ]) {
      expect(textOf('storage')).toContain(rule)
    }
    expect(textOf('functionApp')).toContain('basicPublishingCredentialsPolicies')
    expect(textOf('functionApp')).toContain('"allow":false')
  })
})

test('the resources are what the set-up page promises', () => {
  const promised: readonly (readonly [string, readonly string[]])[] = [
    [
      'functionApp',
      ['"tier":"FlexConsumption"', '"name":"node","version":"24"', '"SystemAssigned"'],
    ],
    ['email', ['"dataLocation":"[variables(\'dataLocation\')]"', '"dataLocation":"Europe"']],
    ['email', ['"domainManagement":"AzureManaged"']],
    [
      'monitoring',
      ['"WorkspaceResourceId"', '"retentionInDays":"[parameters(\'retentionDays\')]"'],
    ],
    // What keeps the bill small: a cap on logs, the cheapest redundancy, the least memory.
    ['monitoring', ['"dailyQuotaGb":1']],
    ['storage', ['"name":"Standard_LRS"']],
    ['functionApp', ['"instanceMemoryMB":2048']],
    // The code itself, as it was released; nothing is built or installed on Azure.
    ['code', ["\"name\":\"[format('{0}/{1}', parameters('functionAppName'), 'onedeploy')]\""]],
    ['code', ['"packageUri":"[parameters(\'packageUri\')]"', '"remoteBuild":false']],
    ['alerts', ['"name":"run-failed"', '"name":"no-successful-run"', '"name":"does-not-start"']],
    ['alerts', ['ago(36h)', '"emailReceivers"']],
  ]
  const missing = promised.flatMap(([name, words]) =>
    words.filter((word) => !textOf(name).includes(word)).map((word) => `${name}: ${word}`),
  )
  expect(missing).toEqual([])
})

test('every role of the identity is assigned at a single resource, one at a secret', () => {
  const roles = textOf('roleAssignments')
  const assignments = roles.match(/"type":"Microsoft.Authorization\/roleAssignments"/g)
  const scopes = roles.match(/"scope":"\[resourceId\([^"]+\)\]"/g)
  expect(assignments).toHaveLength(7)
  expect(scopes).toHaveLength(7)
  expect(roles).toContain("resourceId('Microsoft.KeyVault/vaults/secrets'")
  expect(roles).toContain("[parameters('mayPublishItself')]")
})

describe('parameters', () => {
  const formSchema = z.object({
    parameters: z.object({
      basics: z.array(z.unknown()),
      steps: z.array(
        z.object({
          name: z.string(),
          elements: z.array(z.object({ name: z.string(), type: z.string() })),
        }),
      ),
      outputs: z.record(z.string(), z.string()),
    }),
  })
  const form = formSchema.parse(JSON.parse(readInfra('createUiDefinition.json'))).parameters
  const fields = form.steps.flatMap((step) =>
    step.elements
      .filter(({ type }) => type !== 'Microsoft.Common.InfoBox')
      .map(({ name }) => `[steps('${step.name}').${name}]`),
  )

  test('the form asks for at most eight things, and each reaches a parameter', () => {
    // The portal itself asks for subscription, resource group and region.
    expect([form.basics.length, fields.length]).toEqual([0, 8])
    expect(new Set(Object.values(form.outputs))).toEqual(new Set([...fields, '[location()]']))
    for (const name of Object.keys(form.outputs)) expect(template.parameters).toHaveProperty(name)
  })

  test('those without a default are asked for, and are few', () => {
    const required = Object.entries(template.parameters)
      .filter(([, { defaultValue }]) => defaultValue === undefined)
      .map(([name]) => name)
    expect(required).toEqual([
      'zivverApiKey',
      'includedDomains',
      'ssoAccountKey',
      'emailRecipients',
    ])
    for (const name of required) expect(form.outputs).toHaveProperty(name)
  })

  test('all have a description, and the defaults of the contract', () => {
    for (const { metadata } of Object.values(template.parameters)) {
      expect(metadata?.description).toMatch(/\w+.*\.$/)
    }
    expect(template.parameters).toMatchObject({
      location: { defaultValue: 'westeurope' },
      schedule: { defaultValue: settingDefinitions.schedule.default },
      automaticUpdates: { defaultValue: false },
      ssoAccountKey: { allowedValues: ['object_id', 'omit'] },
    })
  })

  test('a parameter file names only parameters of its template, and all required ones', () => {
    const given = bicepParamNames(readInfra('main.bicepparam'))
    expect(Object.keys(template.parameters)).toEqual(expect.arrayContaining(given))
    expect(given).toEqual(
      expect.arrayContaining([
        'zivverApiKey',
        'includedDomains',
        'ssoAccountKey',
        'emailRecipients',
      ]),
    )
    const declared = [...readInfra('azd/main.bicep').matchAll(/^param (\w+) /gm)].map(
      ([, name]) => name,
    )
    expect(new Set(bicepParamNames(readInfra('azd/main.bicepparam')))).toEqual(new Set(declared))
    const asked = [...readInfra('azd/main.bicepparam').matchAll(/Variable\('(?!AZURE_)(\w+)'\)/g)]
    const azure = readInfra('../azure.yaml')
    expect(asked.map(([, name]) => name).filter((name) => !azure.includes(` ${name}`))).toEqual([])
    const described = [...readInfra('azd/main.bicep').matchAll(/^@description\('.+'\)$/gm)]
    expect(described).toHaveLength(declared.length)
  })
})

test('story 29: the alerts look for the very lines and metric that the app gives, and for functions that it has', () => {
  const alerts = textOf('alerts')
  const code = sourceOf('core/run') + sourceOf('core/telemetry') + sourceOf('functions')
  expect(alerts).toContain('cloud_sync.successful_run')
  expect(code).toContain("'cloud_sync.successful_run'")
  for (const status of ['failed', 'blocked', 'succeeded', 'completed_with_errors']) {
    expect(alerts).toContain(`run ended: ${status}`)
  }
  expect(code).toContain('`run ended: ${end.status}`')
  expect(alerts).toContain('resumeRuns')
  expect(code).toContain("app.timer('resumeRuns'")
  expect(alerts).toContain('poisonedRun')
  expect(code).toContain("app.storageQueue('poisonedRun'")
})

function sourceOf(folder: string): string {
  const root = new URL(`../../${folder}/`, import.meta.url)
  const names = readdirSync(root, { recursive: true }).map(String)
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, root), 'utf8'))
    .join('\n')
}
