/** Clients of the storage account, by connection string or by managed identity: the one place that knows which. */
import { RestError, TableClient, type TableServiceClientOptions } from '@azure/data-tables'
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity'
import { QueueClient } from '@azure/storage-queue'
import { isLoopback } from '../../config/loopback.ts'
import type { StorageSettings } from '../../config/storage-settings.ts'
import { SyncError } from '../../errors.ts'

/** Limits of one operation; the client repeats what failed for a moment. */
export interface StorageTiming {
  /** Milliseconds for one try: connect to last byte. */
  readonly tryTimeoutMs: number
  readonly retries: number
  /** Milliseconds before the first repeat; doubled each time. */
  readonly retryDelayMs: number
  readonly maxRetryDelayMs: number
}

/** All tries of an operation end within a lease of 60 s. */
export const defaultTiming: StorageTiming = {
  tryTimeoutMs: 10_000,
  retries: 3,
  retryDelayMs: 500,
  maxRetryDelayMs: 4_000,
}

export interface StorageAccess {
  readonly settings: StorageSettings
  readonly timing: StorageTiming
}

/** @throws SyncError `CONFIG_INVALID` */
export function openTableClient({ settings, timing }: StorageAccess, name: string): TableClient {
  const options = { ...tableOptions(timing) }
  if (settings.kind === 'identity') {
    return new TableClient(settings.tableServiceUri, name, credentialOf(settings), options)
  }
  const { connectionString } = settings
  const open = (allowInsecureConnection: boolean): TableClient =>
    TableClient.fromConnectionString(connectionString, name, {
      ...options,
      allowInsecureConnection,
    })
  const { url } = parsed(() => open(false))
  return open(isInsecure(url))
}

/** @throws SyncError `CONFIG_INVALID` */
export function openQueueClient({ settings, timing }: StorageAccess, name: string): QueueClient {
  const retryOptions = {
    maxTries: timing.retries + 1,
    tryTimeoutInMs: timing.tryTimeoutMs,
    retryDelayInMs: timing.retryDelayMs,
    maxRetryDelayInMs: timing.maxRetryDelayMs,
  }
  if (settings.kind === 'identity') {
    const uri = `${settings.queueServiceUri}/${name}`
    return new QueueClient(uri, credentialOf(settings), { retryOptions })
  }
  const { connectionString } = settings
  const client = parsed(() => new QueueClient(connectionString, name, { retryOptions }))
  isInsecure(client.url)
  return client
}

function credentialOf({ clientId }: { readonly clientId: string | null }): TokenCredential {
  return clientId === null
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId })
}

// The parser's own message could quote the connection string.
function parsed<T>(open: () => T): T {
  try {
    return open()
  } catch {
    throw new SyncError(
      'CONFIG_INVALID',
      'AzureWebJobsStorage is not a usable connection string: copy it from "Access keys" of the storage account',
    )
  }
}

/** @returns whether the service is reached without TLS, which only an emulator on this machine may be */
function isInsecure(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:') return false
  if (isLoopback(hostname)) return true
  throw new SyncError(
    'CONFIG_INVALID',
    `AzureWebJobsStorage names http://${hostname}: http is allowed on loopback only; use https`,
  )
}

function tableOptions(timing: StorageTiming): TableServiceClientOptions {
  return {
    retryOptions: {
      maxRetries: timing.retries,
      retryDelayInMs: timing.retryDelayMs,
      maxRetryDelayInMs: timing.maxRetryDelayMs,
    },
    additionalPolicies: [{ policy: deadlinePolicy(timing.tryTimeoutMs), position: 'perRetry' }],
  }
}

type PipelinePolicy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy']

// The client has no time limit of its own. The error is one that its retry policy repeats.
function deadlinePolicy(tryTimeoutMs: number): PipelinePolicy {
  return {
    name: 'deadlinePolicy',
    async sendRequest(request, next) {
      const deadline = AbortSignal.timeout(tryTimeoutMs)
      request.abortSignal = deadline
      try {
        return await next(request)
      } catch (error) {
        if (!deadline.aborted) throw error
        throw new RestError(`no complete answer within ${tryTimeoutMs / 1000} s`, {
          code: 'ETIMEDOUT',
          request,
        })
      } finally {
        delete request.abortSignal
      }
    },
  }
}
