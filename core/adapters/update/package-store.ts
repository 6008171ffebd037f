import { ManagedIdentityCredential } from '@azure/identity'
import type { ContainerClient } from '@azure/storage-blob'
import type { StorageSettings } from '../../config/storage-settings.ts'
import { SyncError } from '../../errors.ts'
import type { PackageStore } from '../../update/services.ts'

/** The container that Azure deploys the app from (`infra/modules/storage.bicep`); old packages are kept beside. */
export const packageContainerName = 'cloud-sync-packages'

const keptPrefix = 'previous/'
const keptAtMost = 5

export interface PackageStoreOptions {
  readonly storage: StorageSettings
  /** `AzureWebJobsStorage__blobServiceUri`, where it is set. */
  readonly blobServiceUri: string | undefined
}

/** Keeps packages in the storage account of the app. */
export function createPackageStore(options: PackageStoreOptions): PackageStore {
  return {
    keepInstalled: async (version) => {
      try {
        return await keepInstalled(await openContainer(options), version)
      } catch (error) {
        const text = `The packages in container ${packageContainerName} cannot be used`
        throw new SyncError('STORAGE_UNAVAILABLE', text, { cause: error })
      }
    },
  }
}

async function keepInstalled(container: ContainerClient, version: string): Promise<string | null> {
  const installed = await newestPackage(container)
  if (installed === null) return null
  const name = `${keptPrefix}cloud-sync-${version}.zip`
  const bytes = await container.getBlobClient(installed).downloadToBuffer()
  await container.getBlockBlobClient(name).uploadData(bytes)
  await dropOldest(container, name)
  return `to go back, deploy blob ${name} of container ${packageContainerName} (docs/day-to-day.md, "Going back")`
}

/** What runs now is what the platform stored last; it gives the blob a name of its own. */
async function newestPackage(container: ContainerClient): Promise<string | null> {
  if (!(await container.exists())) return null
  let newest: { readonly name: string; readonly at: number } | null = null
  for await (const { name, properties } of container.listBlobsFlat()) {
    const at = properties.lastModified.getTime()
    if (name.startsWith(keptPrefix) || !name.endsWith('.zip')) continue
    if (newest === null || at > newest.at) newest = { name, at }
  }
  return newest?.name ?? null
}

/** @param newest the one just kept: times are whole seconds, so they alone could take it for an older one */
async function dropOldest(container: ContainerClient, newest: string): Promise<void> {
  const kept: { readonly name: string; readonly at: number }[] = []
  for await (const { name, properties } of container.listBlobsFlat({ prefix: keptPrefix })) {
    if (name !== newest) kept.push({ name, at: properties.lastModified.getTime() })
  }
  const oldest = kept.sort((left, right) => right.at - left.at).slice(keptAtMost - 1)
  await Promise.all(oldest.map(({ name }) => container.deleteBlob(name)))
}

async function openContainer(options: PackageStoreOptions): Promise<ContainerClient> {
  const { storage, blobServiceUri } = options
  // Half a megabyte of code that only an update needs.
  const { BlobServiceClient } = await import('@azure/storage-blob')
  if (storage.kind === 'connectionString') {
    return BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient(
      packageContainerName,
    )
  }
  const { clientId, tableServiceUri } = storage
  const credential =
    clientId === null
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId })
  // The services of an account differ in one label of their host names.
  const uri = blobServiceUri ?? tableServiceUri.replace('.table.', '.blob.')
  return new BlobServiceClient(uri, credential).getContainerClient(packageContainerName)
}
