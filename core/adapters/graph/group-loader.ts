import type { GraphClient } from './graph-client.ts'
import { parseGraphPage } from './payloads.ts'

/** Graph refuses longer lists: "Too many child clauses … Max allowed: 15". */
const idsPerCall = 15

interface GroupLoaderOptions<Group extends { readonly id: string }> {
  readonly client: GraphClient
  /** `$select=…` of a group. */
  readonly select: string
  /** Understands a row of a collection; `null` = it is left to `readOne`, which says what is wrong with it. */
  readonly readRow: (row: unknown) => Group | null
  /** Reads one group by its own URL: only that proves that a group does not exist. */
  readonly readOne: (id: string) => Promise<Group | null>
}

interface Asked<Group> {
  readonly id: string
  readonly answer: PromiseWithResolvers<Group | null>
}

/**
 * Reads groups by id. Those that are asked for together, in one turn, share calls: a source filter of 200 groups
 * takes 14 of them instead of 200. What a shared call does not show is asked for alone, so that it proves nothing.
 */
export class GroupLoader<Group extends { readonly id: string }> {
  readonly #options: GroupLoaderOptions<Group>
  #asked: Asked<Group>[] = []

  constructor(options: GroupLoaderOptions<Group>) {
    this.#options = options
  }

  /** @returns `null` when the group does not exist. @throws what `readOne` and `GraphClient.get` throw */
  read(id: string): Promise<Group | null> {
    const answer = Promise.withResolvers<Group | null>()
    if (this.#asked.length === 0) queueMicrotask(() => this.#readAsked())
    this.#asked.push({ id, answer })
    return answer.promise
  }

  #readAsked(): void {
    const asked = this.#asked
    this.#asked = []
    for (let start = 0; start < asked.length; start += idsPerCall) {
      void this.#readTogether(asked.slice(start, start + idsPerCall))
    }
  }

  async #readTogether(asked: readonly Asked<Group>[]): Promise<void> {
    try {
      const shown = asked.length === 1 ? null : await this.#show(asked.map(({ id }) => id))
      for (const { id, answer } of asked) {
        answer.resolve(shown?.get(id.toLowerCase()) ?? this.#options.readOne(id))
      }
    } catch (error) {
      for (const { answer } of asked) answer.reject(error)
    }
  }

  /** What one call shows of these groups; a call that is refused shows none. */
  async #show(ids: readonly string[]): Promise<ReadonlyMap<string, Group>> {
    const { client, select, readRow } = this.#options
    const list = ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(',')
    const filter = encodeURIComponent(`id in (${list})`)
    const answer = await client.get(`/groups?$filter=${filter}&${select}`, 'GET /groups by id')
    const page = answer.status === 200 ? parseGraphPage(answer.body) : null
    const groups = (page?.rows ?? []).map(readRow).filter((group) => group !== null)
    return new Map(groups.map((group) => [group.id, group]))
  }
}
