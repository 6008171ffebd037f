import { UpdateRefusal } from '../../update/refusal.ts'
import type { UpdateFeed } from '../../update/services.ts'
import { readBounded } from './bounded-body.ts'

const timeoutMs = 120_000
const largestEnvelopeBytes = 64 * 1024

/**
 * A feed on the web. Redirects are followed, as release pages have them, but to no place without https: nothing secret
 * is sent, and what comes is believed for its signature only.
 * @param feedUrl `UPDATE_FEED`, already checked to be https, or loopback
 */
export function createUpdateFeed(feedUrl: string): UpdateFeed {
  return {
    fetchEnvelope: async () =>
      new TextDecoder().decode(await download(feedUrl, feedUrl, largestEnvelopeBytes)),
    fetchPackage: async (address, size) =>
      download(packageUrl(address, feedUrl), feedUrl, size + 1),
  }
}

/** An address of its own, or a path beside the feed. */
function packageUrl(address: string, feedUrl: string): string {
  const url = URL.parse(address, feedUrl)
  if (url !== null && isSafe(url, feedUrl)) return url.href
  throw new UpdateRefusal('feed_unreachable', 'The release manifest names a package without https.')
}

function isSafe(url: URL, feedUrl: string): boolean {
  return url.protocol === 'https:' || url.origin === new URL(feedUrl).origin
}

async function download(url: string, feedUrl: string, mostBytes: number): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    const fault = faultOf(response, feedUrl)
    if (fault === null) return await readBounded(response, mostBytes)
    await response.body?.cancel()
    throw new Error(fault)
  } catch (error) {
    const { host, pathname } = new URL(url)
    const text = `${host}${pathname} cannot be read: ${reasonOf(error)}.`
    throw new UpdateRefusal('feed_unreachable', text, { cause: error })
  }
}

/** @returns `null` when the answer may be read */
function faultOf({ ok, status, url }: Response, feedUrl: string): string | null {
  if (!isSafe(new URL(url), feedUrl)) return 'it was redirected to a place without https'
  return ok ? null : `it answered ${status}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no complete answer within ${timeoutMs / 1000} s`
  return error.cause instanceof Error ? error.cause.message : error.message
}
