/**
 * Runs a simulator as a process of its own: prints one line of JSON (`{"ready":true,…}`) when it listens, sends the
 * same over IPC where there is a channel, and ends on SIGTERM, SIGINT or when the parent goes away.
 */
export async function runStandalone(
  start: () => Promise<{ readonly announce: object; readonly close: () => Promise<void> }>,
): Promise<void> {
  const { announce, close } = await start()
  const message = { ready: true, ...announce }
  const stop = () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, stop)
  process.stdout.write(`${JSON.stringify(message)}\n`)
  process.send?.(message)
}
