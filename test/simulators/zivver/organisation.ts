import { createRandom, type Random } from '../shared/random.ts'
import {
  type Account,
  type AccountEdit,
  type AccountSeed,
  type AccountView,
  accountFrom,
  cleanAliases,
} from './account.ts'

/**
 * All accounts of the simulated organisation, and who owns each address. Delegates are kept as ids: a delegate
 * that is renamed shows up under its new address everywhere.
 */
export class Organisation {
  readonly #accounts = new Map<string, Account>()
  readonly #owners = new Map<string, string>()
  readonly #ids: Random
  /** Called after every change, before the call that made it is answered: for those who keep the accounts elsewhere. */
  onChange: () => void = () => undefined

  /** @param seed of the ids that new accounts get */
  constructor(seed = 1) {
    this.#ids = createRandom(seed).fork('zivver-ids')
  }

  /** By id, in the order of creation. */
  get accounts(): ReadonlyMap<string, Account> {
    return this.#accounts
  }

  get(id: string): Account | undefined {
    return this.#accounts.get(id)
  }

  /** The account that has this address, as primary or alias. */
  ownerOf(address: string): Account | undefined {
    const id = this.#owners.get(address.toLowerCase())
    return id === undefined ? undefined : this.#accounts.get(id)
  }

  newId(): string {
    return this.#ids.guid()
  }

  /**
   * Stores an account, new or changed.
   * @throws Error when it has an address of another account: two owners would be a fault of the simulator
   */
  put(account: Account): void {
    const addresses = [account.address, ...account.aliases]
    const taken = addresses.find((address) => {
      const owner = this.#owners.get(address)
      return owner !== undefined && owner !== account.id
    })
    if (taken !== undefined) {
      throw new Error(`${taken} belongs to account ${this.#owners.get(taken)}, not ${account.id}`)
    }
    this.#release(account.id)
    for (const address of addresses) this.#owners.set(address, account.id)
    this.#accounts.set(account.id, account)
    this.onChange()
  }

  /** Deletes an account; its addresses are free, and nobody has it as a delegate any more. */
  remove(id: string): void {
    this.#release(id)
    this.#accounts.delete(id)
    for (const account of this.#accounts.values()) {
      if (!account.delegates.includes(id)) continue
      const delegates = account.delegates.filter((delegate) => delegate !== id)
      this.#accounts.set(account.id, { ...account, delegates })
    }
    this.onChange()
  }

  #release(id: string): void {
    const account = this.#accounts.get(id)
    if (account === undefined) return
    for (const address of [account.address, ...account.aliases]) this.#owners.delete(address)
  }

  /** Puts accounts there without asking any rule but one owner per address. A delegate may come later in the list. */
  seed(seeds: readonly AccountSeed[]): readonly Account[] {
    const added = seeds.map((seed) => {
      const account = accountFrom({ ...seed, id: seed.id ?? this.newId() })
      this.put(account)
      return account.id
    })
    for (const [at, id] of added.entries()) {
      const delegates = seeds[at]?.delegates ?? []
      if (delegates.length > 0) this.edit(id, { delegates })
    }
    return added.map((id) => this.#known(id))
  }

  /**
   * Changes an account as a hand in the web application would, past the rules of the API.
   * @throws Error for an unknown id or delegate, or an address of another account
   */
  edit(id: string, { delegates, ...change }: AccountEdit): Account {
    const current = this.#known(id)
    const address = (change.address ?? current.address).toLowerCase()
    const next: Account = {
      ...current,
      ...change,
      address,
      aliases: cleanAliases(change.aliases ?? current.aliases, address),
      delegates: delegates?.map((delegate) => this.#idOf(delegate)) ?? current.delegates,
    }
    this.put(next)
    return next
  }

  /** Every account as tests compare it, sorted by kind and address. */
  views(): readonly AccountView[] {
    const views = [...this.#accounts.values()].map((account) => this.view(account))
    return views.sort((one, other) => compare(sortKey(one), sortKey(other)))
  }

  view(account: Account): AccountView {
    return {
      ...account,
      aliases: account.aliases.toSorted(compare),
      delegates: this.delegateAddresses(account).toSorted(compare),
    }
  }

  /** Primary addresses of an account's delegates. */
  delegateAddresses(account: Account): readonly string[] {
    return account.delegates.map((id) => this.#known(id).address)
  }

  #known(id: string): Account {
    const account = this.#accounts.get(id)
    if (account === undefined) throw new Error(`there is no account ${id}`)
    return account
  }

  #idOf(address: string): string {
    const owner = this.ownerOf(address)
    if (owner === undefined) throw new Error(`nobody has the address ${address}`)
    return owner.id
  }
}

const sortKey = ({ kind, address }: AccountView) => `${kind} ${address}`
const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other))
