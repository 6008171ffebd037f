/** `AzureWebJobsStorage` in its variants, read apart from the rest: without storage there is no run that could fail. */
import type { Environment } from '../config.ts'
import { invalid, isUnresolvedReference, type SettingsFault, unresolved } from './faults.ts'
import { baseUrl, faultOf } from './values.ts'

/** How tables and queues are reached. */
export type StorageSettings =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity'
      readonly tableServiceUri: string
      readonly queueServiceUri: string
      /** Client id of a user-assigned identity; `null` = the system-assigned one. */
      readonly clientId: string | null
    }

export type ParsedStorageSettings =
  | { readonly ok: true; readonly storage: StorageSettings }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] }

const variable = 'AzureWebJobsStorage'

/** Reads the storage settings as the Functions host does: the connection string goes before the identity. */
export function parseStorageSettings(env: Environment): ParsedStorageSettings {
  const connectionString = env[variable]?.trim()
  if (connectionString) return fromConnectionString(connectionString)
  const tableServiceUri = serviceUri(env, 'table')
  const queueServiceUri = serviceUri(env, 'queue')
  if (tableServiceUri === null || queueServiceUri === null) {
    const message = `is required: a connection string, or ${variable}__accountName, or ${variable}__tableServiceUri and ${variable}__queueServiceUri`
    return { ok: false, faults: [invalid(variable, message)] }
  }
  const faults = [tableServiceUri, queueServiceUri].flatMap(({ name, text }) =>
    uriFaults(name, text),
  )
  if (faults.length > 0) return { ok: false, faults }
  const clientId = env[`${variable}__clientId`]?.trim() || null
  const storage = {
    kind: 'identity',
    tableServiceUri: tableServiceUri.text,
    queueServiceUri: queueServiceUri.text,
    clientId,
  } as const
  return { ok: true, storage }
}

function fromConnectionString(connectionString: string): ParsedStorageSettings {
  if (isUnresolvedReference(connectionString)) return { ok: false, faults: [unresolved(variable)] }
  if (
    !/(?:^|;)\s*(?:AccountName|UseDevelopmentStorage|SharedAccessSignature)\s*=/i.test(
      connectionString,
    )
  ) {
    const message = 'is not a connection string of a storage account'
    return { ok: false, faults: [invalid(variable, message)] }
  }
  return { ok: true, storage: { kind: 'connectionString', connectionString } }
}

function serviceUri(
  env: Environment,
  service: 'table' | 'queue',
): { name: string; text: string } | null {
  const name = `${variable}__${service}ServiceUri`
  const given = env[name]?.trim()
  if (given) return { name, text: given.replace(/\/+$/, '') }
  const account = env[`${variable}__accountName`]?.trim()
  if (!account) return null
  return {
    name: `${variable}__accountName`,
    text: `https://${account}.${service}.core.windows.net`,
  }
}

function uriFaults(name: string, text: string): SettingsFault[] {
  if (isUnresolvedReference(text)) return [unresolved(name)]
  const result = baseUrl.safeParse(text)
  return result.success ? [] : [invalid(name, faultOf(result.error))]
}
