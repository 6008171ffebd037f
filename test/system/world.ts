/** A whole world for a test: simulated Microsoft 365, Zivver and mail, Azurite, and the real functions in the local host. */
import { TableClient } from '@azure/data-tables'
import { type HostProcess, startHost } from '../host/start-host.ts'
import { type MailService, startMail } from '../simulators/mail/server.ts'
import {
  type Microsoft365,
  type Microsoft365Options,
  startMicrosoft365,
} from '../simulators/microsoft365/microsoft365.ts'
import type { Tenant } from '../simulators/tenant/tenant.ts'
import type { AccountSeed } from '../simulators/zivver/account.ts'
import { startZivver, type Zivver, type ZivverSetup } from '../simulators/zivver/server.ts'
import { claimStorageAccount } from '../support/storage-account.ts'
import { Api } from './api.ts'
import { leaksIn, linesWithAddresses, textsOfMail } from './leaks.ts'

export type { Api } from './api.ts'

export interface WorldOptions {
  readonly tenant: Tenant
  readonly includedDomains: readonly string[]
  readonly accounts?: readonly AccountSeed[]
  readonly microsoft365?: Omit<Microsoft365Options, 'tenant'>
  readonly zivver?: ZivverSetup
  /** Settings on top of those that lead the app to the simulators; `undefined` removes one. */
  readonly env?: Environment
}

type Environment = Readonly<Record<string, string | undefined>>

// Recognisable, so that they can be looked for in everything that leaves the app.
const functionKey = 'function-key-3b7cd1f6e29a'
export const zivverKey = 'zivver-key-81d0a6c5b3f4'
const identityHeader = 'identity-header-5b0c1d3e77aa'
const mailAccessKey = Buffer.from('access key of the mail service').toString('base64')

/** Worlds do not meet: each has a storage account of its own in the shared Azurite. */
export class World implements AsyncDisposable {
  readonly microsoft365: Microsoft365
  readonly zivver: Zivver
  readonly mail: MailService
  readonly env: Environment
  /** Every secret that the app knows; the function key is the first. */
  readonly secrets: readonly string[]
  readonly #hosts: { readonly host: HostProcess; readonly env: Environment }[] = []

  private constructor(
    parts: { microsoft365: Microsoft365; zivver: Zivver; mail: MailService },
    env: Environment,
  ) {
    this.microsoft365 = parts.microsoft365
    this.zivver = parts.zivver
    this.mail = parts.mail
    this.env = env
    this.secrets = [
      functionKey,
      zivverKey,
      identityHeader,
      mailAccessKey,
      /AccountKey=([^;]+)/.exec(env['AzureWebJobsStorage'] ?? '')?.[1] ?? '',
      // The simulator gives the app the same ones.
      parts.microsoft365.token('exchange'),
      parts.microsoft365.token('graph'),
    ].filter((secret) => secret !== '')
  }

  /** Starts the simulators; hosts are started by `startHost`. */
  static async start(options: WorldOptions): Promise<World> {
    const microsoft365 = await startMicrosoft365({
      identityHeader,
      ...options.microsoft365,
      tenant: options.tenant,
    })
    const zivver = await startZivver({
      key: zivverKey,
      rateLimit: { budget: 50, windowSeconds: 0.25, headers: 'none' },
      ...options.zivver,
      accounts: [...(options.accounts ?? [])],
    })
    const mail = await startMail({ accessKey: mailAccessKey })
    return new World(
      { microsoft365, zivver, mail },
      {
        AzureWebJobsStorage: await claimStorageAccount(),
        FUNCTIONS_LOCAL_KEY: functionKey,
        ...microsoft365.environment,
        CLOUD_SYNC__ZIVVER_API_URL: zivver.url,
        CLOUD_SYNC__ZIVVER_API_KEY: zivverKey,
        CLOUD_SYNC__ZIVVER_RATE_LIMIT: '50/0.25',
        CLOUD_SYNC__INCLUDED_DOMAINS: options.includedDomains.join(','),
        CLOUD_SYNC__SSO_ACCOUNT_KEY: 'object_id',
        CLOUD_SYNC__EMAIL_CONNECTION_STRING: mail.connectionString,
        CLOUD_SYNC__EMAIL_SENDER: 'cloud-sync@contoso.example',
        CLOUD_SYNC__EMAIL_RECIPIENTS: 'admin@contoso.example',
        CLOUD_SYNC__LEASE_SECONDS: '10',
        ...options.env,
      },
    )
  }

  /** Starts a host on this world; more settings may differ per host. */
  async startHost(env: Environment = {}): Promise<Api> {
    const whole = { ...this.env, ...env }
    const host = await startHost({ env: whole })
    this.#hosts.push({ host, env: whole })
    return new Api(host, this.secrets)
  }

  /** Starts a host with other settings in the place of those that run. */
  async restartHost(env: Environment = {}): Promise<Api> {
    await Promise.all(this.#hosts.map(({ host }) => host.stop()))
    return this.startHost(env)
  }

  /** A table of this world. */
  table(name: string): TableClient {
    const connection = this.env['AzureWebJobsStorage'] ?? ''
    return TableClient.fromConnectionString(connection, name, { allowInsecureConnection: true })
  }

  /** All rows of a table; none when it does not exist yet. */
  async rows(name: string): Promise<Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = []
    try {
      for await (const row of this.table(name).listEntities()) rows.push(row)
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 404) throw error
    }
    return rows
  }

  /** Adds a row to the mapping table, past the app. */
  async plantMapping(row: {
    readonly rowKey: string
    readonly scimId: string
    readonly address: string
    readonly goneAt?: string
  }): Promise<void> {
    await this.table('CloudSyncMappings').createEntity({
      partitionKey: this.microsoft365.tenant.id,
      kind: 'user',
      displayName: 'planted',
      active: true,
      linkedAt: '2026-01-01T00:00:00.000Z',
      lastRunId: 'an earlier run',
      ...row,
    })
  }

  /** Stops everything. @throws Error when a log, a mail or a table holds what it must not */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map(({ host }) => host.stop()))
    const leaks = leaksIn(await this.#traces(), this.secrets)
    const quiet = this.#hosts.filter(({ env }) => env['CLOUD_SYNC__LOG_LEVEL'] !== 'DEBUG')
    leaks.push(...quiet.flatMap(({ host }) => linesWithAddresses(host.lines)))
    await Promise.all([this.microsoft365.close(), this.zivver.close(), this.mail.close()])
    if (leaks.length > 0) throw new Error(`this must not leave the app:\n${leaks.join('\n')}`)
  }

  /** Every text that the app has left behind. */
  async #traces(): Promise<(readonly [string, string])[]> {
    const tables = ['CloudSyncMappings', 'CloudSyncRuns', 'CloudSyncChanges']
    const rows = await Promise.all(tables.map((name) => this.rows(name)))
    return [
      ...this.#hosts.flatMap(({ host }) => host.lines).map((line) => ['log', line] as const),
      ...this.mail.outbox().flatMap(textsOfMail),
      ...tables.map((name, at) => [name, JSON.stringify(rows[at])] as const),
    ]
  }
}
