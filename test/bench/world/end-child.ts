import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Lets a child go that ends with its channel to us, and waits for its end. One that has ended is left as it is. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.disconnect()
  await ended
}
