import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import type { Environment } from '../settings.ts'

/** How a `connection` setting reaches one service of a storage account. */
export type StorageConnection =
  | { readonly kind: 'connection_string'; readonly value: string }
  | { readonly kind: 'identity'; readonly url: string }

/**
 * Finds the storage account behind a binding's `connection`, as the real host does: the setting itself or with
 * `AzureWebJobs` before it as a connection string; else `__blobServiceUri`/`__queueServiceUri` or `__accountName`, with an
 * identity. @returns `null` when none of these is set
 */
export function findConnection(
  env: Environment,
  connection: string,
  service: 'blob' | 'queue',
): StorageConnection | null {
  for (const name of [connection, `AzureWebJobs${connection}`]) {
    const text = env[name]
    if (text) return { kind: 'connection_string', value: text }
    const uri = env[`${name}__${service}ServiceUri`]
    if (uri) return { kind: 'identity', url: uri }
    const account = env[`${name}__accountName`]
    if (account) return { kind: 'identity', url: `https://${account}.${service}.core.windows.net` }
  }
  return null
}

// The listeners try again by themselves: a long chain of retries inside one call would only hide that from the log.
const retryOptions = { maxTries: 2, retryDelayInMs: 500, tryTimeoutInMs: 10_000 }

export async function blobService(connection: StorageConnection): Promise<BlobServiceClient> {
  return connection.kind === 'connection_string'
    ? BlobServiceClient.fromConnectionString(connection.value, { retryOptions })
    : new BlobServiceClient(connection.url, await credential(), { retryOptions })
}

export async function queueService(connection: StorageConnection): Promise<QueueServiceClient> {
  return connection.kind === 'connection_string'
    ? QueueServiceClient.fromConnectionString(connection.value, { retryOptions })
    : new QueueServiceClient(connection.url, await credential(), { retryOptions })
}

/** Loaded only where it is needed: it is slow to load, and most local hosts run on a connection string. */
async function credential() {
  const { DefaultAzureCredential } = await import('@azure/identity')
  return new DefaultAzureCredential()
}

/** True for an answer of the service with this HTTP status; a definite answer, not a fault on the way. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  if (!(error instanceof Error) || !('statusCode' in error)) return false
  return typeof error.statusCode === 'number' && statuses.includes(error.statusCode)
}
