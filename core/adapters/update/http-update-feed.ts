import { UpdateRefusal } from '../../update/refusal.ts'
import type { UpdateFeed } from '../../update/services.ts'

const timeoutMs = 120_000
const largestEnvelopeBytes = 64 * 1024

/**
 * A feed on the web. Redirects are followed, as release pages have them: nothing secret is sent, and what comes is
 * believed for its signature only.
 * @param feedUrl `UPDATE_FEED`, already checked to be https, or loopback
 */
export function createUpdateFeed(feedUrl: string): UpdateFeed {
  return {
    fetchEnvelope: async () =>
      new TextDecoder().decode(await download(feedUrl, largestEnvelopeBytes)),
    fetchPackage: async (address, size) => download(packageUrl(address, feedUrl), size + 1),
  }
}

/** An address of its own, or a path beside the feed. */
function packageUrl(address: string, feedUrl: string): string {
  const url = URL.parse(address, feedUrl)
  const isSafe = url?.protocol === 'https:' || url?.origin === new URL(feedUrl).origin
  if (url !== null && isSafe) return url.href
  throw new UpdateRefusal('feed_unreachable', 'The release manifest names a package without https.')
}

async function download(url: string, mostBytes: number): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`it answered ${response.status}`)
    }
    return await readBounded(response, mostBytes)
  } catch (error) {
    const { host, pathname } = new URL(url)
    const text = `${host}${pathname} cannot be read: ${reasonOf(error)}.`
    throw new UpdateRefusal('feed_unreachable', text, { cause: error })
  }
}

async function readBounded(response: Response, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    if (bytes >= mostBytes) break
  }
  return Buffer.concat(chunks).subarray(0, mostBytes)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no complete answer within ${timeoutMs / 1000} s`
  return error.cause instanceof Error ? error.cause.message : error.message
}
