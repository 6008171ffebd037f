/** One world of a soak: services, storage and two hosts, each a process of its own. */
import { QueueClient } from '@azure/storage-queue'
import { Simulator } from '../bench/world/simulator.ts'
import type { Before } from '../oracle/model.ts'
import { healthyUpstream } from '../oracle/model.ts'
import { environmentOf } from '../properties/circumstances.ts'
import { otherDivision } from '../properties/history.ts'
import type { TenantData } from '../simulators/tenant/model.ts'
import type { AccountView } from '../simulators/zivver/account.ts'
import type { Violation, Write } from '../simulators/zivver/write-log.ts'
import { startAzurite } from '../support/azurite.ts'
import type { WorldDraw } from './draw.ts'
import type { HostClient } from './host-client.ts'
import { HostSlot } from './hosts.ts'
import { strayAfter } from './judge.ts'
import { MappingTable } from './mapping-table.ts'
import { RunLines } from './run-lines.ts'
import type { Service } from './wire-faults.ts'

export interface SoakWorldOptions {
  /** The built app. */
  readonly bundle: string
  /** A storage account to use; absent = an emulator of its own, which can be made to stand still. */
  readonly storage?: string
}

interface Parts {
  readonly draw: WorldDraw
  readonly microsoft365: Simulator<Microsoft365Announcement>
  readonly zivver: Simulator<{ readonly url: string }>
  readonly mail: Simulator<MailAnnouncement>
  readonly storage: string
  /** Process id of the world's own emulator. */
  readonly storagePid: number | null
}

interface Microsoft365Announcement {
  readonly url: string
  readonly environment: Readonly<Record<string, string>>
}

interface MailAnnouncement {
  readonly url: string
  readonly connectionString: string
}

const functionKey = 'soak-function-key'
const zivverKey = 'soak-zivver-key'

export class SoakWorld implements AsyncDisposable {
  readonly draw: WorldDraw
  readonly services: Readonly<Record<Service, Simulator<object>>>
  readonly hosts: readonly HostSlot[]
  readonly table: MappingTable
  readonly queue: QueueClient
  readonly storagePid: number | null
  readonly runLines = new RunLines()
  /** Processes that ended by themselves, in words. */
  readonly crashes: string[] = []
  /** Moments at which a paused host was woken, in ms of the simulated Zivver's clock. */
  readonly wakes: number[] = []
  readonly #stack: AsyncDisposableStack
  /** Add it to the simulated Zivver's clock to get ours. */
  #zivverEpochMs = 0

  private constructor(parts: Parts, bundle: string, stack: AsyncDisposableStack) {
    const { draw, storage, microsoft365, zivver, mail } = parts
    this.draw = draw
    this.services = { microsoft365, zivver, mail }
    this.storagePid = parts.storagePid
    this.table = new MappingTable(storage, draw.built.tenant.id)
    this.queue = new QueueClient(storage, 'cloud-sync-runs')
    const env = appEnvironment(parts)
    const onCrash = (text: string) => void this.crashes.push(text)
    const options = { env, bundle, key: functionKey, runLines: this.runLines, onCrash }
    this.hosts = [new HostSlot('a', options), new HostSlot('b', options)]
    for (const host of this.hosts) stack.use(host)
    const abandon = () => this.#abandon()
    process.on('exit', abandon)
    stack.defer(() => void process.off('exit', abandon))
    this.#stack = stack
  }

  static async start(draw: WorldDraw, options: SoakWorldOptions): Promise<SoakWorld> {
    const stack = new AsyncDisposableStack()
    try {
      const [azurite, microsoft365, zivver, mail] = await Promise.all([
        options.storage === undefined ? startAzurite() : null,
        Simulator.start<Microsoft365Announcement>('microsoft365', {
          tenant: draw.tenant,
          settings: draw.microsoft365,
          callMs: draw.callMs,
          cmdletMs: draw.cmdletMs,
          logBodies: false,
        }),
        Simulator.start<{ url: string }>('zivver', zivverSetup(draw)),
        Simulator.start<MailAnnouncement>('mail', {}),
      ])
      if (azurite !== null) stack.defer(() => azurite.close())
      for (const simulator of [microsoft365, zivver, mail]) stack.use(simulator)
      const storage = azurite?.connectionString ?? options.storage ?? ''
      const storagePid = azurite?.pid ?? null
      const parts = { draw, microsoft365, zivver, mail, storage, storagePid }
      const world = new SoakWorld(parts, options.bundle, stack)
      await world.#begin()
      return world
    } catch (error) {
      await stack.disposeAsync()
      throw error
    }
  }

  async #begin(): Promise<void> {
    const { microsoft365, zivver } = this.services
    for (const mailbox of this.draw.joinLater) await microsoft365.act('delete', { mailbox })
    // Without a key: it counts as a call, and does nothing.
    const { url } = zivver.announced as { readonly url: string }
    const askedAt = Date.now()
    await fetch(`${url}/Nothing`)
    const [first] = await zivver.entries(0)
    this.#zivverEpochMs = askedAt - (first?.at ?? 0)
    await Promise.all(this.hosts.map((host) => host.start()))
  }

  /** A host that answers now, if any. */
  get client(): HostClient | null {
    return this.hosts.find(({ isRunning }) => isRunning)?.client ?? null
  }

  get clients(): readonly HostClient[] {
    return this.hosts.flatMap(({ client }) => client ?? [])
  }

  async tenant(): Promise<TenantData> {
    return (await this.services.microsoft365.act('export')) as TenantData
  }

  async accounts(): Promise<readonly AccountView[]> {
    return (await this.zivverState()).accounts
  }

  /** What Zivver holds, and the writes that met on one account. */
  async zivverState() {
    return (await this.services.zivver.state()) as {
      readonly accounts: readonly AccountView[]
      readonly violations: readonly Violation[]
    }
  }

  /** Writes at Zivver behind the one with this sequence. */
  async writes(since: number): Promise<readonly Write[]> {
    const answer = await this.services.zivver.act('writes', { since })
    return (answer as { readonly writes: readonly Write[] }).writes
  }

  /** Everything that a run begins with, as the oracle wants it. */
  async before(flags: Before['flags']): Promise<Before> {
    const [tenant, accounts, rows] = await Promise.all([
      this.tenant(),
      this.accounts(),
      this.table.rows(),
    ])
    const { settings, guests } = this.draw
    return { tenant, accounts, rows, settings, flags, upstream: { ...healthyUpstream, guests } }
  }

  noteWake(): void {
    this.wakes.push(this.#zivverNow)
  }

  get #zivverNow(): number {
    return Date.now() - this.#zivverEpochMs
  }

  /** Nothing that a paused host had begun can come any more. */
  get isStill(): boolean {
    const isPast = !strayAfter(this.wakes)({ at: this.#zivverNow })
    return isPast && this.hosts.every(({ isPaused }) => !isPaused)
  }

  #abandon(): void {
    for (const host of this.hosts) host.abandon()
    if (this.storagePid !== null) process.kill(this.storagePid, 'SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

function zivverSetup(draw: WorldDraw): object {
  const { requests, seconds } = draw.rateLimit
  return {
    ...draw.zivver,
    key: zivverKey,
    seed: draw.seed,
    accounts: draw.accounts,
    guests: draw.guests,
    divisions: [otherDivision],
    rateLimit: { budget: requests, windowSeconds: seconds },
    latencyMs: draw.callMs,
    logBodies: false,
  }
}

function appEnvironment({ draw, storage, microsoft365, zivver, mail }: Parts) {
  const { requests, seconds } = draw.rateLimit
  const queues = 'AzureFunctionsJobHost__extensions__queues__'
  return {
    AzureWebJobsStorage: storage,
    FUNCTIONS_LOCAL_KEY: functionKey,
    HOST_DRAIN_SECONDS: '1',
    HOST_MESSAGE_SECONDS: String(draw.messageSeconds),
    // A minute holds many runs: nobody waits for a queue that is asked less and less often.
    [`${queues}maxPollingInterval`]: '00:00:00.4',
    [`${queues}visibilityTimeout`]: '00:00:01',
    ...microsoft365.announced.environment,
    ...environmentOf(draw.settings),
    CLOUD_SYNC__ZIVVER_API_URL: zivver.announced.url,
    CLOUD_SYNC__ZIVVER_API_KEY: zivverKey,
    CLOUD_SYNC__ZIVVER_RATE_LIMIT: `${requests}/${seconds}`,
    CLOUD_SYNC__SLICE_SECONDS: String(draw.sliceSeconds),
    CLOUD_SYNC__LEASE_SECONDS: String(draw.leaseSeconds),
    CLOUD_SYNC__PERFORM_SYNC: 'True',
    CLOUD_SYNC__EMAIL_CONNECTION_STRING: mail.announced.connectionString,
    CLOUD_SYNC__EMAIL_SENDER: 'cloud-sync@contoso.example',
    CLOUD_SYNC__EMAIL_RECIPIENTS: 'admin@contoso.example',
  }
}
