/** Azurite, the storage emulator, as a child process: blobs, queues and tables on free loopback ports. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Azurite {
  /** For every `@azure/*` storage client; a `TableClient` also needs `allowInsecureConnection: true`. */
  readonly connectionString: string
  /** Process id of the emulator. */
  readonly pid: number
  /** Ends the emulator; resolves when its process is gone. May be called twice. */
  close(): Promise<void>
}

export interface AzuriteOptions {
  /** Folder to keep the data in across starts; absent = in memory, gone with the process. */
  readonly location?: string
  /** So many accounts `test0`, `test1`, … beside the usual one, all with its key: a storage account each for tests that must not meet. */
  readonly testAccounts?: number
}

const services = ['Blob', 'Queue', 'Table'] as const
type Service = (typeof services)[number]

// The account and key that every storage emulator has; published by Microsoft, no secret.
const account = 'devstoreaccount1'
const accountKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

// A start takes about a second; a first one from a cold disk was seen to take 13 (reference local-azure, 2).
const startTimeoutMs = 60_000
const killAfterMs = 4_000

/**
 * Starts an emulator that lives no longer than this process, however this process ends.
 * @throws Error with the emulator's own output when it does not come up
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const child = spawnAzurite(options)
  try {
    const endpoints = await readEndpoints(child)
    return {
      connectionString: connectionStringOf(endpoints),
      pid: child.pid ?? -1,
      close: () => endChild(child),
    }
  } catch (error) {
    await endChild(child)
    throw error
  }
}

function spawnAzurite({
  location,
  testAccounts = 0,
}: AzuriteOptions): ChildProcessWithoutNullStreams {
  const program = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js')
  const exitWithParent = fileURLToPath(new URL('./exit-with-parent.ts', import.meta.url))
  // `--inMemoryPersistence` refuses `--location`.
  const persistence =
    location === undefined ? ['--inMemoryPersistence'] : ['--location', resolve(location)]
  if (location !== undefined) mkdirSync(location, { recursive: true })
  const flags = ['--skipApiVersionCheck', '--disableTelemetry', '--silent']
  const ports = ['--blobPort', '0', '--queuePort', '0', '--tablePort', '0']
  return spawn(
    process.execPath,
    ['--import', exitWithParent, program, ...persistence, ...flags, ...ports],
    {
      cwd: location ?? tmpdir(),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, AZURITE_ACCOUNTS: accountList(testAccounts) },
      // Ctrl-C in a terminal goes to the whole process group: storage must outlive those who still write.
      detached: process.platform !== 'win32',
    },
  )
}

function accountList(testAccounts: number): string {
  const names = Array.from({ length: testAccounts }, (_, index) => `test${index}`)
  return [account, ...names].map((name) => `${name}:${accountKey}`).join(';')
}

/** Waits for the three "successfully listening" lines; port 0 asks for free ports, the lines tell the real ones. */
function readEndpoints(child: ChildProcessWithoutNullStreams): Promise<Record<Service, string>> {
  return new Promise((resolve, reject) => {
    let output = ''
    const fail = (reason: string) => {
      clearTimeout(timer)
      reject(new Error(`Azurite ${reason}: ${output.trim() || 'it printed nothing'}`))
    }
    const timer = setTimeout(() => fail(`was not ready in ${startTimeoutMs} ms`), startTimeoutMs)
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const endpoints = findEndpoints(output)
      if (endpoints === null) return
      clearTimeout(timer)
      child.stdout.off('data', read).resume()
      child.stderr.off('data', read).resume()
      resolve(endpoints)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', (error) => fail(`did not start (${error.message})`))
    child.once('exit', (code, signal) => fail(`ended at once (${signal ?? `code ${code}`})`))
  })
}

function findEndpoints(output: string): Record<Service, string> | null {
  const found = services.map(
    (service) =>
      new RegExp(`${service} service is successfully listening at (http://\\S+)`).exec(output)?.[1],
  )
  const [Blob, Queue, Table] = found
  return Blob === undefined || Queue === undefined || Table === undefined
    ? null
    : { Blob, Queue, Table }
}

function connectionStringOf(endpoints: Record<Service, string>): string {
  const parts = ['DefaultEndpointsProtocol=http', `AccountName=${account}`]
  parts.push(`AccountKey=${accountKey}`)
  for (const service of services) {
    parts.push(`${service}Endpoint=${endpoints[service]}/${account}`)
  }
  return `${parts.join(';')};`
}

function endChild(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
