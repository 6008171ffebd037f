import { randomUUID } from 'node:crypto'
import type { CmdletFailure } from './cmdlet-answer.ts'
import type { CmdletReply } from './cmdlet-attempt.ts'
import { type Cmdlet, labelOf } from './cmdlet-wire.ts'
import { CookieJar } from './cookie-jar.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { exchangeIncomplete } from './exchange-errors.ts'
import type { CmdletPage } from './payloads.ts'

interface WalkOptions {
  /** Milliseconds for each page. */
  readonly timeoutMs: number
  /** The first page, when it was read already (in a batch). */
  readonly first?: CmdletReply
}

/** Takes the rows of one page; says how many of them were not known before. */
type VisitRows = (rows: readonly unknown[], page: number) => number | Promise<number>

const maxPages = 5_000
const maxPagesWithoutNews = 100

/**
 * Reads a cmdlet's answer page by page to its end (reference 3.6): the next page is a POST of the same body and headers
 * to the next link, with the cookies of the pages before.
 * @returns `null` when it was read completely; else the definite failure that ended it
 * @throws SyncError `SOURCE_INCOMPLETE` for a truncated answer without next link, a link that came before, a link to
 *   another host, pages without end; and what `ExchangeClient.invoke` throws
 */
export async function walkPages(
  client: ExchangeClient,
  cmdlet: Cmdlet,
  options: WalkOptions,
  visit: VisitRows,
): Promise<CmdletFailure | null> {
  const cookies = new CookieJar()
  const clientRequestId = randomUUID()
  const seen = new Set<string>()
  let pagesWithoutNews = 0
  let url: string | undefined
  for (let page = 1; page <= maxPages; page++) {
    const label = `${labelOf(cmdlet)}, page ${page}`
    const invokeOptions = { label, timeoutMs: options.timeoutMs, cookies, clientRequestId }
    const known = page === 1 ? options.first : undefined
    const reply =
      known ??
      (await client.invoke(cmdlet, url === undefined ? invokeOptions : { ...invokeOptions, url }))
    if (reply.status === 'failed') return reply.failure
    pagesWithoutNews = (await visit(reply.page.rows, page)) > 0 ? 0 : pagesWithoutNews + 1
    const next = nextUrl(client, label, reply.page, seen)
    if (next === null) return null
    if (pagesWithoutNews > maxPagesWithoutNews) break
    seen.add(next)
    url = next
  }
  throw exchangeIncomplete(
    labelOf(cmdlet),
    'the pages do not end; nothing new came for a long time',
  )
}

function nextUrl(
  client: ExchangeClient,
  label: string,
  page: CmdletPage,
  seen: ReadonlySet<string>,
): string | null {
  if (page.nextLink === null) {
    if (!isTruncated(page)) return null
    throw exchangeIncomplete(label, 'the answer is truncated and offers no next page')
  }
  const next = client.base.resolveLink(page.nextLink)
  if (next === null) {
    throw exchangeIncomplete(
      label,
      'the next page is on a host that is not allowed; nothing was sent there',
    )
  }
  if (seen.has(next)) throw exchangeIncomplete(label, 'the next page is one that was read before')
  return next
}

/** "There are more results available than are currently displayed." */
export function isTruncated(page: CmdletPage): boolean {
  return page.warnings.some((warning) => /more results available/i.test(warning))
}
