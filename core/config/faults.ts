import { distance } from 'fastest-levenshtein'
import type { ErrorCode } from '../errors.ts'
import { type SettingKey, settingDefinitions, settingPrefix, variableOf } from './definitions.ts'

/** One thing that is wrong with the settings. The message reads on from the name and holds no secret. */
export interface SettingsFault {
  readonly name: string
  readonly code: Extract<ErrorCode, 'CONFIG_INVALID' | 'SECRET_UNRESOLVED'>
  readonly message: string
}

/** All faults in one text, by name. */
export function describeFaults(
  faults: readonly { readonly name: string; readonly message: string }[],
): string {
  return faults.map(({ name, message }) => `${name} ${message}`).join('; ')
}

export function invalid(name: string, message: string): SettingsFault {
  return { name, code: 'CONFIG_INVALID', message }
}

/** App Service leaves a Key Vault reference as it is when it cannot resolve it. */
export function isUnresolvedReference(text: string): boolean {
  return /^@Microsoft\.KeyVault\(/i.test(text.trim())
}

export function unresolved(name: string): SettingsFault {
  return {
    name,
    code: 'SECRET_UNRESOLVED',
    message:
      'is a Key Vault reference that was not resolved: check the secret, and that the identity may read it',
  }
}

const knownNames: readonly string[] = (Object.keys(settingDefinitions) as SettingKey[]).map(
  variableOf,
)

/** A fault for every `CLOUD_SYNC__` name that is no setting, naming the nearest one. */
export function unknownNameFaults(names: Iterable<string>): SettingsFault[] {
  return [...names]
    .filter((name) => name.toUpperCase().startsWith(settingPrefix) && !knownNames.includes(name))
    .sort()
    .map((name) => invalid(name, `is not a setting; the nearest name is ${nearest(name)}`))
}

function nearest(name: string): string {
  const upper = name.toUpperCase()
  const [best = ''] = knownNames.toSorted(
    (left, right) => distance(upper, left) - distance(upper, right),
  )
  return best
}
