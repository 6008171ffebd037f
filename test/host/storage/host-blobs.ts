import type { BlobServiceClient, BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import { hasStatus } from './connection.ts'

/** The container in which the real host keeps what its instances share. */
const containerName = 'azure-webjobs-hosts'

/** Small texts that all hosts of one app share, by their blob's name. */
export class HostBlobs {
  readonly #container: ContainerClient

  constructor(service: BlobServiceClient) {
    this.#container = service.getContainerClient(containerName)
  }

  blob(name: string): BlockBlobClient {
    return this.#container.getBlockBlobClient(name)
  }

  /** @returns `null` when there is no such blob */
  async read(name: string): Promise<string | null> {
    try {
      return (await this.blob(name).downloadToBuffer()).toString()
    } catch (error) {
      if (hasStatus(error, 404)) return null
      throw error
    }
  }

  async write(name: string, text: string): Promise<void> {
    await this.#container.createIfNotExists()
    await this.blob(name).upload(text, Buffer.byteLength(text))
  }

  /** Makes an empty blob unless there is one, so that it can be leased. */
  async ensure(name: string): Promise<BlockBlobClient> {
    await this.#container.createIfNotExists()
    const blob = this.blob(name)
    try {
      await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } })
    } catch (error) {
      // 409: it exists. 412: it exists and is leased.
      if (!hasStatus(error, 409, 412)) throw error
    }
    return blob
  }
}
