import type { FieldValue, JournalChange } from '../model/change.ts'

/** Addresses that their accounts still have, because the change that was to free them has failed in this run. */
export class HeldAddresses {
  readonly #holders = new Map<string, string>()

  constructor(changes: Iterable<JournalChange>) {
    for (const change of changes) if (change.status === 'failed') this.failed(change)
  }

  /** Takes note of a change that failed. */
  failed(change: JournalChange): void {
    for (const address of freedBy(change)) this.#holders.set(address, change.address)
  }

  /** The account that holds the address after all, by its address; `undefined` = nobody that this run knows of. */
  holderOf(address: string): string | undefined {
    return this.#holders.get(address)
  }
}

function freedBy({ fields }: JournalChange): readonly string[] {
  return fields.flatMap(({ path, before, after }) => {
    if (path !== 'userName' && path !== 'externalId' && path !== 'aliases') return []
    const kept = new Set(listOf(after))
    return listOf(before).filter((address) => !kept.has(address))
  })
}

function listOf(value: FieldValue): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value : []
}
