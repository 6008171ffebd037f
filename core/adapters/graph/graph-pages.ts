import type { GraphAnswer, GraphClient } from './graph-client.ts'
import { graphIncomplete } from './graph-errors.ts'
import { type GraphPage, parseGraphPage } from './payloads.ts'

const maxPages = 5_000
const maxPagesWithoutNews = 100

/** How the rows of a collection are understood. */
interface CollectionReader<T extends { readonly id: string }> {
  /** Names the collection in messages. */
  readonly label: string
  readonly readRow: (row: unknown, where: string) => T
  /** The error that a definite refusal means here. */
  readonly refusal: (answer: GraphAnswer, label: string) => Error
}

/**
 * Reads a collection to its end, next link by next link; an object that comes twice is kept once.
 * @throws SyncError `SOURCE_INCOMPLETE` for a page that is none, a link that came before or leads elsewhere, pages
 *   without end, a total that does not match; what `refusal` gives; what `GraphClient.get` throws
 */
export async function readCollection<T extends { readonly id: string }>(
  client: GraphClient,
  path: string,
  reader: CollectionReader<T>,
): Promise<T[]> {
  const byId = new Map<string, T>()
  const seen = new Set<string>()
  let stated: number | null = null
  let pagesWithoutNews = 0
  let url = path
  for (let number = 1; number <= maxPages && pagesWithoutNews <= maxPagesWithoutNews; number++) {
    const label = `${reader.label}, page ${number}`
    const page = await readPage(client, url, label, reader)
    const before = byId.size
    for (const row of page.rows.map((item) => reader.readRow(item, label))) byId.set(row.id, row)
    pagesWithoutNews = byId.size > before ? 0 : pagesWithoutNews + 1
    stated ??= page.count
    const next = nextUrl(client, page, seen, label)
    if (next === null) return checkedTotal(reader.label, [...byId.values()], stated)
    seen.add(next)
    url = next
  }
  throw graphIncomplete(reader.label, 'the pages do not end; nothing new came for a long time')
}

async function readPage<T extends { readonly id: string }>(
  client: GraphClient,
  url: string,
  label: string,
  reader: CollectionReader<T>,
): Promise<GraphPage> {
  const answer = await client.get(url, label)
  if (answer.status !== 200) throw reader.refusal(answer, label)
  const page = parseGraphPage(answer.body)
  if (page === null) throw graphIncomplete(label, 'the answer is no page of a collection')
  return page
}

function nextUrl(
  client: GraphClient,
  page: GraphPage,
  seen: ReadonlySet<string>,
  label: string,
): string | null {
  if (page.nextLink === null) return null
  const next = client.resolveLink(page.nextLink)
  if (next === null) {
    throw graphIncomplete(
      label,
      'the next page is on a host that is not allowed; nothing was sent there',
    )
  }
  if (seen.has(next)) throw graphIncomplete(label, 'the next page is one that was read before')
  return next
}

function checkedTotal<T>(label: string, rows: T[], stated: number | null): T[] {
  if (stated === null || stated === rows.length) return rows
  throw graphIncomplete(label, `${rows.length} objects came, Graph states ${stated}`)
}
