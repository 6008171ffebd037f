import type { FakeDirectory } from '../fakes/fake-directory.ts'
import type { FakeMailboxSource } from '../fakes/fake-mailbox-source.ts'
import { readTenant, type TenantReading } from '../properties/read-tenant.ts'
import type { Random } from '../simulators/shared/random.ts'
import { type Mutation, randomMutations } from '../simulators/tenant/random-mutations.ts'
import type { Tenant } from '../simulators/tenant/tenant.ts'

const upstream = { unreadable: [], readsHiddenMembers: true }

/** The tenant as all hosts see it through Exchange and Graph. */
export class SimTenant {
  readonly tenant: Tenant
  readonly #viewers: { source: FakeMailboxSource; directory: FakeDirectory }[] = []
  #reading: TenantReading

  constructor(tenant: Tenant) {
    this.tenant = tenant
    this.#reading = readTenant(tenant, upstream)
  }

  /** Shows the tenant to a host, now and after each change. */
  showTo(source: FakeMailboxSource, directory: FakeDirectory): void {
    this.#viewers.push({ source, directory })
    this.#show({ source, directory })
  }

  /** Lets something happen to the tenant. @returns what happened; hand edits in Zivver are only described */
  mutate(random: Random, count: number): readonly Mutation[] {
    const done = randomMutations(this.tenant, random, count)
    this.#reading = readTenant(this.tenant, upstream)
    for (const viewer of this.#viewers) this.#show(viewer)
    return done
  }

  /** Leaves a mailbox out of all listings, silently; `null` = shows every one again. */
  hide(identifier: string | null): void {
    const hidden = new Set(identifier === null ? [] : [identifier])
    for (const { source } of this.#viewers) source.hidden = hidden
  }

  #show({ source, directory }: { source: FakeMailboxSource; directory: FakeDirectory }): void {
    const { mailboxes, permissions, recipients, groups, objects } = this.#reading
    Object.assign(source, { mailboxes, permissions, recipients })
    Object.assign(directory, { groups, objects })
  }
}
