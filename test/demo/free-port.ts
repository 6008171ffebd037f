import { createServer } from 'node:net'

/** @returns the wanted port when nobody listens there on loopback, otherwise 0: any free one */
export function wantedOrAnyPort(wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(0))
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(wanted)))
  })
}
