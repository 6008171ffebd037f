import { isLoopback } from '../../config/loopback.ts'

/**
 * Where one upstream of the Microsoft cloud is called, whose name its tokens carry, and where its links may lead
 * (contract, section 2).
 */
export interface UpstreamBase {
  /** The configured base URL, without a slash at the end. */
  readonly url: string
  /** Audience of its tokens. It follows the configured URL, unless that is loopback: then it stays the public one. */
  readonly audience: string
  /**
   * The URL to call for a link or a redirect that the upstream gave: on the configured base as it is, on the cloud's
   * public host of the same service at the configured base; `null` for any other place.
   */
  resolveLink(link: string | URL): string | null
}

/**
 * @param configured `EXCHANGE_URL` or `GRAPH_URL`, validated: https, or http on loopback
 * @param publicOrigin the service's public origin in the worldwide cloud, `https://graph.microsoft.com`
 */
export function upstreamBase(configured: string, publicOrigin: string): UpstreamBase {
  const base = new URL(configured)
  const url = base.href.replace(/\/+$/, '')
  const audience = isLoopback(base.hostname) ? publicOrigin : base.origin
  return {
    url,
    audience,
    resolveLink: (link) => {
      const target = parseLink(link)
      if (target?.origin === base.origin) return target.href
      if (target?.origin === audience) return url + target.pathname + target.search
      return null
    },
  }
}

// Backends give their own port 446 away in links and redirects; from outside it is 443 (reference 3.10).
function parseLink(link: string | URL): URL | null {
  const target = URL.parse(String(link))
  if (target === null) return null
  if (target.port === '446') target.port = ''
  return target
}
