/** The local Functions host as a program: runs the bundle that `HOST_BUNDLE` names, and ends when its stdin does. */
import { fileURLToPath } from 'node:url'
import '../support/exit-with-parent.ts'
import { runHost } from './host.ts'
import { describeError } from './log.ts'
import { readHostSettings } from './settings.ts'

const exitAfterTimeout = 70
const print = (line: string) => void process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const settings = readHostSettings(process.env)
  const host = await runHost({
    settings,
    env: process.env,
    // Two folders up from the sources as well as from `dist/host`, where the bundle of this program is.
    hostJson: fileURLToPath(new URL('../../host.json', import.meta.url)),
    print,
    // On Azure the language worker is killed and started anew; here the process is the worker, and nobody restarts it.
    onTimeout: () => process.exit(exitAfterTimeout),
  })
  endOnSignal(() => host.stop())
  print(`Host ready http://127.0.0.1:${host.port}`)
}

/** The first signal stops the host cleanly, a second one at once. */
function endOnSignal(stop: () => Promise<void>): void {
  let isStopping = false
  const end = () => {
    if (isStopping) process.exit(130)
    isStopping = true
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${describeError(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end).on('SIGINT', end)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`)
  process.exit(1)
}
