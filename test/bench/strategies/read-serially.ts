import type { BenchWorld } from '../world/bench-world.ts'
import { PlainClient, type StrategyResult, timed } from './client.ts'

/**
 * One call after the other with default pages, as many directory connectors do: users, the members of one group after the
 * other, then the target's lists. It only reads: comparing costs it nothing.
 */
export function readSerially(world: BenchWorld): Promise<StrategyResult> {
  const client = new PlainClient(world)
  return timed(client, async () => {
    await client.graphPages('/users')
    for (const id of world.tenant.groupIds) await client.graphPages(`/groups/${id}/members`)
    await client.zivver('GET', '/Users')
    await client.zivver('GET', '/Groups')
  })
}
