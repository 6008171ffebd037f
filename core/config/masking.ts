/** Keeps secrets out of everything that leaves the process: logs, errors, mails, answers. */
import type { Environment } from '../config.ts'
import { type SettingKey, settingDefinitions, variableOf } from './definitions.ts'

export type Masker = (text: string) => string

const mask = '***'

// Whatever looks like a credential is masked too, ours or not: bearer tokens, JSON web tokens, and the keys that
// Azure writes into addresses and connection strings.
const patterns: readonly [RegExp, string][] = [
  [/\bBearer\s+[A-Za-z0-9\-._~+/]+=*/gi, `Bearer ${mask}`],
  [/\bBasic\s+[A-Za-z0-9+/]{12,}=*/gi, `Basic ${mask}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, mask],
  [
    /([?&;\s"']|^)(code|sig|accesskey|accountkey|signature|sharedaccesssignature|instrumentationkey)=[^&;\s"']+/gi,
    `$1$2=${mask}`,
  ],
]

/** A function that masks these values, and everything that looks like a credential. */
export function createMasker(secrets: readonly string[]): Masker {
  const values = secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .filter((secret, index, all) => secret.length >= 4 && all.indexOf(secret) === index)
    .toSorted((left, right) => right.length - left.length)
  return (text) => {
    let masked = text
    for (const value of values) masked = masked.replaceAll(value, mask)
    for (const [pattern, replacement] of patterns) masked = masked.replace(pattern, replacement)
    return masked
  }
}

const platformSecrets = [
  'AzureWebJobsStorage',
  'IDENTITY_HEADER',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'OTEL_EXPORTER_OTLP_HEADERS',
]

/** Every secret that the environment holds; of a connection string also the key alone. */
export function secretsOf(env: Environment): string[] {
  const names = [
    ...(Object.keys(settingDefinitions) as SettingKey[])
      .filter((key) => settingDefinitions[key].secret)
      .map(variableOf),
    ...platformSecrets,
  ]
  return names.flatMap((name) => {
    const value = env[name]?.trim() ?? ''
    if (value === '' || value.startsWith('@Microsoft.KeyVault(')) return []
    return [value, ...(name === 'OTEL_EXPORTER_OTLP_HEADERS' ? headersIn(value) : keysIn(value))]
  })
}

/** `api-key=…,other=…`, as OpenTelemetry writes headers: each value is a secret of its own. */
function headersIn(list: string): string[] {
  return list.split(',').map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
}

function keysIn(connectionString: string): string[] {
  return [
    ...connectionString.matchAll(
      /(?:accesskey|accountkey|sharedaccesssignature|instrumentationkey)=([^;]+)/gi,
    ),
  ].flatMap(([, key]) => key ?? [])
}
