import type { TableClient, TransactionAction } from '@azure/data-tables'
import type { Clock } from '../../ports.ts'
import { isBeingDeleted, isMissingTable, refusalOf, storageFailure } from './storage-errors.ts'

/** A row as it was read. Its columns are not to be trusted before zod has seen them. */
export interface TableRow {
  readonly partitionKey: string
  readonly rowKey: string
  readonly etag: string
  readonly [column: string]: unknown
}

/** How a conditional write ended. Refusals are expected outcomes; everything else is thrown. */
export type SubmitAnswer =
  | { readonly status: 'done'; readonly etags: readonly string[] }
  | { readonly status: 'refused'; readonly reason: 'missing' | 'exists' | 'changed' }

export interface RowQuery {
  /** OData filter, made with `odata`. */
  readonly filter: string
  /** Columns to read; absent = all. */
  readonly select?: readonly string[]
  /** Rows per request, 1000 at most. */
  readonly pageSize?: number
}

const largestPage = 1000
const deletionPollMs = 2_000
const deletionPolls = 30

/**
 * One table: created on first use, and again when somebody deleted it meanwhile. Retries of temporary errors are
 * the client's; what it gives up on becomes a SyncError `STORAGE_UNAVAILABLE` that names the table.
 */
export class Table {
  readonly #client: TableClient
  readonly #clock: Clock
  #creation: Promise<void> | null = null

  constructor(client: TableClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  get name(): string {
    return this.#client.tableName
  }

  /** Creates the table where it is missing; asks the service every time. */
  create(): Promise<void> {
    this.#creation = this.#createNow().catch((error: unknown) => {
      this.#creation = null
      throw storageFailure(this.#place, error)
    })
    return this.#creation
  }

  /** One row, or `null` when there is none. */
  read(partitionKey: string, rowKey: string): Promise<TableRow | null> {
    return this.#use(async () => {
      try {
        return (await this.#client.getEntity(partitionKey, rowKey)) as unknown as TableRow
      } catch (error) {
        if (refusalOf(error) === 'missing') return null
        throw error
      }
    })
  }

  /** Rows in the order of their keys. A page may be short or empty: only the end of the loop is the end. */
  async *pages(query: RowQuery): AsyncGenerator<readonly TableRow[]> {
    const { filter, select, pageSize = largestPage } = query
    const queryOptions = select === undefined ? { filter } : { filter, select: [...select] }
    const maxPageSize = Math.min(pageSize, largestPage)
    const opened = await this.#use(async () => {
      const pages = this.#client.listEntities({ queryOptions }).byPage({ maxPageSize })
      return { pages, page: await pages.next() }
    })
    let page = opened.page
    while (page.done !== true) {
      yield page.value as unknown as TableRow[]
      page = await this.#nextPage(opened.pages)
    }
  }

  /** The first rows, `limit` at most. */
  async first(limit: number, query: RowQuery): Promise<readonly TableRow[]> {
    const rows: TableRow[] = []
    for await (const page of this.pages({ ...query, pageSize: limit })) {
      rows.push(...page.slice(0, limit - rows.length))
      if (rows.length === limit) break
    }
    return rows
  }

  /** One transaction: all or nothing. At most 100 rows of one partition and 4 MiB (see `transactions.ts`). */
  submit(actions: readonly TransactionAction[]): Promise<SubmitAnswer> {
    return this.#use(async () => {
      try {
        const { subResponses } = await this.#client.submitTransaction([...actions])
        return { status: 'done', etags: subResponses.map(({ etag }) => etag ?? '') }
      } catch (error) {
        const reason = refusalOf(error)
        if (reason === null) throw error
        return { status: 'refused', reason }
      }
    })
  }

  /** Deletes a row that still has this ETag (transactions cannot: the client sends `*` there). */
  remove(partitionKey: string, rowKey: string, etag: string): Promise<SubmitAnswer> {
    return this.#use(async () => {
      try {
        await this.#client.deleteEntity(partitionKey, rowKey, { etag })
        return { status: 'done', etags: [] }
      } catch (error) {
        const reason = refusalOf(error)
        if (reason === null) throw error
        return { status: 'refused', reason }
      }
    })
  }

  get #place(): string {
    return `table ${this.name}`
  }

  async #use<T>(operation: () => Promise<T>): Promise<T> {
    try {
      await (this.#creation ?? this.create())
      return await operation()
    } catch (error) {
      if (!isMissingTable(error)) throw storageFailure(this.#place, error)
    }
    try {
      await this.create()
      return await operation()
    } catch (error) {
      throw storageFailure(this.#place, error)
    }
  }

  // A table that disappears between two pages is an error, never the end of the list.
  async #nextPage<T>(pages: AsyncIterator<T>): Promise<IteratorResult<T>> {
    try {
      return await pages.next()
    } catch (error) {
      throw storageFailure(this.#place, error)
    }
  }

  async #createNow(): Promise<void> {
    for (let poll = 0; ; poll++) {
      try {
        return await this.#client.createTable()
      } catch (error) {
        if (!isBeingDeleted(error) || poll >= deletionPolls) throw error
        await this.#clock.sleep(deletionPollMs)
      }
    }
  }
}
