import type { BenchWorld, RateLimit } from '../world/bench-world.ts'
import { PlainClient, type StrategyResult, timed } from './client.ts'
import { addressFilter, endpointOf } from './scim.ts'

/** A look-up per account per run, as tools do that keep no list and trust no state. */
export function lookUpEach(world: BenchWorld, limit: RateLimit): Promise<StrategyResult> {
  const client = new PlainClient(world, limit)
  return timed(client, async () => {
    for (const mailbox of world.tenant.tenant.mailboxes.values()) {
      await client.zivver('GET', endpointOf(mailbox) + addressFilter(mailbox))
    }
  })
}
