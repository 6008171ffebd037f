/**
 * Makes `docs/settings.md` and `local.settings.example.json` from the table of settings:
 * `node test/tools/settings-docs.ts`. A test keeps both equal to the table.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  platformSettings,
  type SettingDefinition,
  settingGroups,
  settingPrefix,
} from '../../core/config/definitions.ts'

export const settingsDocsFile = fileURLToPath(new URL('../../docs/settings.md', import.meta.url))
export const exampleFile = fileURLToPath(
  new URL('../../local.settings.example.json', import.meta.url),
)

/** `docs/settings.md`. */
export function renderSettingsDocs(): string {
  const groups = Object.entries(settingGroups).map(([title, definitions]) =>
    [
      `## ${title}`,
      '',
      '| Setting | Default | Meaning |',
      '|---|---|---|',
      ...Object.values<SettingDefinition>(definitions).map(
        (definition) =>
          `| \`${settingPrefix}${definition.name}\` | ${shownDefault(definition)} | ${definition.description} |`,
      ),
    ].join('\n'),
  )
  const platform = platformSettings.map(
    ({ name, secret, description }) =>
      `| \`${name}\` | ${secret ? 'yes' : 'no'} | ${description} |`,
  )
  return [
    '# Settings',
    '',
    '<!-- Made by test/tools/settings-docs.ts from core/config/definitions.ts. Do not edit by hand. -->',
    '',
    'Cloud Sync is configured by the settings of its Function App, which reach it as environment variables.',
    '',
    '- Lists are comma-separated; blanks around items are ignored, and so is the case of domains, addresses and GUIDs.',
    '- Booleans are `True` or `False` (also `true`, `false`, `1`, `0`).',
    '- A blank setting counts as absent: its default holds.',
    '- A secret is best given as a Key Vault reference; one that Azure cannot resolve is reported as `SECRET_UNRESOLVED`.',
    '- Plain `http:` addresses are refused, except for loopback hosts.',
    '- An unknown name that begins with `CLOUD_SYNC__` is a fault: it is most often a spelling mistake.',
    '',
    'A bad setting never stops the app from loading. The run fails as `CONFIG_INVALID`, is kept in the history and mailed',
    'where mail can be sent, and `/api/health` names every fault at once.',
    '',
    groups.join('\n\n'),
    '',
    '## Set by the platform, or for it',
    '',
    '| Setting | Secret | Meaning |',
    '|---|---|---|',
    ...platform,
    '',
  ].join('\n')
}

function shownDefault(definition: SettingDefinition): string {
  const text =
    definition.default === null
      ? 'required'
      : definition.default === ''
        ? 'empty'
        : `\`${definition.default.replaceAll(',', ', ')}\``
  return definition.secret ? `${text}, secret` : text
}

/** Values that show the form where there is no default. */
const examples: Readonly<Record<string, string>> = {
  TENANT_ID: '00000000-0000-0000-0000-000000000000',
  ZIVVER_API_KEY: 'replace-by-the-key-of-your-zivver-organisation',
  INCLUDED_DOMAINS: 'contoso.example, fabrikam.example',
  SSO_ACCOUNT_KEY: 'object_id',
}

/** `local.settings.example.json`: a local.settings.json with a comment for each setting. */
export function renderExample(): string {
  const settings = Object.entries(settingGroups).flatMap(([title, definitions]) => [
    '',
    `// ${title}`,
    ...Object.values<SettingDefinition>(definitions).flatMap((definition) => [
      `// ${definition.default === null ? 'Required. ' : ''}${definition.secret ? 'Secret. ' : ''}${definition.description}`,
      `${JSON.stringify(settingPrefix + definition.name)}: ${JSON.stringify(examples[definition.name] ?? definition.default ?? '')},`,
    ]),
  ])
  const platform = [
    '',
    '// The platform',
    '// Which worker the Functions host starts.',
    '"FUNCTIONS_WORKER_RUNTIME": "node",',
    '// Storage account of tables and queues: here the local emulator, Azurite.',
    '"AzureWebJobsStorage": "UseDevelopmentStorage=true"',
  ]
  return [
    '// Copy this file to local.settings.json, which is never committed. The comments may stay: the Functions Core Tools',
    '// and the Azure Functions extension of Visual Studio Code read JSON with comments. Blank means: the default.',
    '{',
    '  "IsEncrypted": false,',
    '  "Values": {',
    ...[...settings.slice(1), ...platform].map((line) => (line === '' ? '' : `    ${line}`)),
    '  }',
    '}',
    '',
  ].join('\n')
}

if (import.meta.main) {
  writeFileSync(settingsDocsFile, renderSettingsDocs())
  writeFileSync(exampleFile, renderExample())
}
