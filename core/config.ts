/** Settings: from environment variables to values that can be trusted, every fault at once (contract, section 2). */
import {
  type SettingKey,
  type SettingValues,
  settingDefinitions,
  variableOf,
} from './config/definitions.ts'
import { type EmailSettings, emailFaults, emailSettings, emailWarnings } from './config/email.ts'
import {
  invalid,
  isUnresolvedReference,
  type SettingsFault,
  unknownNameFaults,
  unresolved,
} from './config/faults.ts'
import { faultOf } from './config/values.ts'

export type { EmailSettings } from './config/email.ts'
export { describeFaults, type SettingsFault } from './config/faults.ts'
export type { RateLimit } from './config/values.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What storing, reporting and mailing a run needs, even one that fails because the settings are bad. */
export interface BasicSettings
  extends Pick<
    SettingValues,
    | 'language'
    | 'timeZone'
    | 'schedule'
    | 'performSync'
    | 'retentionDays'
    | 'leaseSeconds'
    | 'sliceSeconds'
    | 'logLevel'
    | 'telemetry'
  > {
  /** PartitionKey of this tenant's rows: the tenant id, or `invalid` when that is unusable (contract, section 10). */
  readonly partition: string
  /** What the mail calls this installation: the first included domain, or `''`. */
  readonly environment: string
  /** `null` = no mail is sent. */
  readonly email: EmailSettings | null
}

/** All settings, valid. */
export interface Settings extends SettingValues, BasicSettings {}

/** Something about the settings that an administrator should know, and that stops nothing. */
interface SettingsWarning {
  readonly name: string
  readonly message: string
}

export type ParsedSettings =
  | {
      readonly ok: true
      readonly settings: Settings
      readonly warnings: readonly SettingsWarning[]
    }
  | {
      readonly ok: false
      readonly faults: readonly SettingsFault[]
      /** As far as valid; defaults for the rest. */
      readonly partial: BasicSettings
    }

/** Partition of runs whose `TENANT_ID` is unusable. */
const invalidPartition = 'invalid'

/** Reads all settings and reports every fault at once. Never throws. */
export function parseSettings(env: Environment): ParsedSettings {
  const { values, faults } = parseValues(env)
  faults.push(...unknownNameFaults(namesIn(env)), ...crossFaults(values))
  if (faults.length > 0 || !isComplete(values)) {
    return { ok: false, faults, partial: basicsOf(values) }
  }
  return {
    ok: true,
    settings: { ...values, ...basicsOf(values) },
    warnings: [...emailWarnings(values), ...updateWarnings(values)],
  }
}

/**
 * The schedule to register the timer with. An invalid one must not keep the app from loading: the default takes its
 * place, and every tick then fails as CONFIG_INVALID, because `parseSettings` reports it.
 */
export function scheduleOrDefault(env: Environment): string {
  const result = parseSetting('schedule', env[variableOf('schedule')])
  return 'value' in result ? String(result.value) : defaultOf('schedule')
}

function namesIn(env: Environment): string[] {
  return Object.keys(env).filter((name) => env[name] !== undefined)
}

const settingKeys = Object.keys(settingDefinitions) as SettingKey[]

type PartialValues = { readonly [K in SettingKey]?: SettingValues[K] | undefined }

function parseValues(env: Environment): { values: PartialValues; faults: SettingsFault[] } {
  const faults: SettingsFault[] = []
  const entries = settingKeys.map((key) => {
    const result = parseSetting(key, env[variableOf(key)])
    if ('fault' in result) faults.push(result.fault)
    return [key, 'value' in result ? result.value : undefined]
  })
  return { values: Object.fromEntries(entries) as PartialValues, faults }
}

/** One setting; blank means absent, because the portal keeps emptied settings. */
function parseSetting(
  key: SettingKey,
  given: string | undefined,
): { value: unknown } | { fault: SettingsFault } {
  const definition = settingDefinitions[key]
  const name = variableOf(key)
  const text = given?.trim() || definition.default
  if (text === null) return { fault: invalid(name, 'is required and is not set') }
  if (isUnresolvedReference(text)) return { fault: unresolved(name) }
  const result = definition.schema.safeParse(text)
  return result.success ? { value: result.data } : { fault: invalid(name, faultOf(result.error)) }
}

function isComplete(values: PartialValues): values is SettingValues {
  return settingKeys.every((key) => values[key] !== undefined)
}

function crossFaults(values: PartialValues): SettingsFault[] {
  const feedWithoutKey = Boolean(values.updateFeed) && values.updatePublicKey === null
  return [
    ...emailFaults(values),
    ...(feedWithoutKey
      ? [invalid(variableOf('updatePublicKey'), `is required with ${variableOf('updateFeed')}`)]
      : []),
  ]
}

function updateWarnings(values: SettingValues): SettingsWarning[] {
  if (values.updatePublicKey === null || values.updateFeed !== null) return []
  return [
    {
      name: variableOf('updatePublicKey'),
      message: `does nothing without ${variableOf('updateFeed')}`,
    },
  ]
}

function basicsOf(values: PartialValues): BasicSettings {
  return {
    partition: values.tenantId ?? invalidPartition,
    environment: values.includedDomains?.[0] ?? '',
    email: emailSettings(values),
    performSync: values.performSync ?? false,
    language: values.language ?? defaultOf('language'),
    timeZone: values.timeZone ?? defaultOf('timeZone'),
    schedule: values.schedule ?? defaultOf('schedule'),
    retentionDays: values.retentionDays ?? defaultOf('retentionDays'),
    leaseSeconds: values.leaseSeconds ?? defaultOf('leaseSeconds'),
    sliceSeconds: values.sliceSeconds ?? defaultOf('sliceSeconds'),
    logLevel: values.logLevel ?? defaultOf('logLevel'),
    telemetry: values.telemetry ?? defaultOf('telemetry'),
  }
}

function defaultOf<K extends SettingKey>(key: K): SettingValues[K] {
  const definition = settingDefinitions[key]
  return definition.schema.parse(definition.default ?? '') as SettingValues[K]
}
