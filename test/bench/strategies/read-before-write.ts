import type { BenchWorld, RateLimit } from '../world/bench-world.ts'
import { PlainClient, type StrategyResult, timed } from './client.ts'
import { addressFilter, createBody, endpointOf } from './scim.ts'

/** A read before every write: each account is looked for, then created. */
export function readBeforeWrite(world: BenchWorld, limit: RateLimit): Promise<StrategyResult> {
  const client = new PlainClient(world, limit)
  return timed(client, async () => {
    for (const mailbox of world.tenant.tenant.mailboxes.values()) {
      const endpoint = endpointOf(mailbox)
      await client.zivver('GET', endpoint + addressFilter(mailbox))
      await client.zivver('POST', endpoint, createBody(mailbox))
    }
  })
}
