/** A whole world for a test: simulated Microsoft 365, Zivver and mail, Azurite, and the real functions in the local host. */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { TableClient } from '@azure/data-tables'
import { inject } from 'vitest'
import { type HostProcess, startHost } from '../host/start-host.ts'
import { type MailService, startMail } from '../simulators/mail/server.ts'
import {
  type Microsoft365,
  type Microsoft365Options,
  startMicrosoft365,
} from '../simulators/microsoft365/microsoft365.ts'
import type { SeedAccount } from '../simulators/tenant/seed-accounts.ts'
import type { Tenant } from '../simulators/tenant/tenant.ts'
import { startZivver, type Zivver, type ZivverSetup } from '../simulators/zivver/server.ts'
import { testAccounts } from '../support/test-accounts.ts'

export interface WorldOptions {
  readonly tenant: Tenant
  readonly includedDomains: readonly string[]
  readonly accounts?: readonly SeedAccount[]
  readonly microsoft365?: Omit<Microsoft365Options, 'tenant'>
  readonly zivver?: ZivverSetup
  /** Settings on top of those that lead the app to the simulators; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** One answer of the HTTP API. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came back
  readonly json: any
}

const functionKey = 'test-key'

/** A tenant of its own in the shared Azurite, so that worlds do not meet. */
export class World implements AsyncDisposable {
  readonly microsoft365: Microsoft365
  readonly zivver: Zivver
  readonly mail: MailService
  readonly env: Readonly<Record<string, string | undefined>>
  readonly #hosts: HostProcess[] = []

  private constructor(
    parts: { microsoft365: Microsoft365; zivver: Zivver; mail: MailService },
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.microsoft365 = parts.microsoft365
    this.zivver = parts.zivver
    this.mail = parts.mail
    this.env = env
  }

  /** Starts the simulators; hosts are started by `startHost`. */
  static async start(options: WorldOptions): Promise<World> {
    const microsoft365 = await startMicrosoft365({
      ...options.microsoft365,
      tenant: options.tenant,
    })
    const zivver = await startZivver({
      rateLimit: { budget: 50, windowSeconds: 0.25, headers: 'none' },
      ...options.zivver,
      accounts: [...(options.accounts ?? [])],
    })
    const mail = await startMail()
    return new World(
      { microsoft365, zivver, mail },
      {
        AzureWebJobsStorage: isolatedStorage(),
        FUNCTIONS_LOCAL_KEY: functionKey,
        ...microsoft365.environment,
        CLOUD_SYNC__ZIVVER_API_URL: zivver.url,
        CLOUD_SYNC__ZIVVER_API_KEY: 'zivver-key',
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
  async startHost(env: Readonly<Record<string, string | undefined>> = {}): Promise<Api> {
    const host = await startHost({ env: { ...this.env, ...env } })
    this.#hosts.push(host)
    return new Api(host)
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
    const tenantId = this.env['CLOUD_SYNC__TENANT_ID']
    return name === 'CloudSyncChanges'
      ? rows
      : rows.filter((row) => row['partitionKey'] === tenantId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.stop()))
    await Promise.all([this.microsoft365.close(), this.zivver.close(), this.mail.close()])
  }
}

/** The HTTP API of a running host. */
export class Api {
  readonly host: HostProcess

  constructor(host: HostProcess) {
    this.host = host
  }

  async call(method: string, path: string, init: RequestInit = {}): Promise<ApiAnswer> {
    const response = await fetch(`${this.host.url}${path}`, {
      ...init,
      method,
      headers: { 'x-functions-key': functionKey, ...init.headers },
    })
    const text = await response.text()
    const { status, headers } = response
    return { status, headers, text, json: text.startsWith('{') ? JSON.parse(text) : undefined }
  }

  get(path: string): Promise<ApiAnswer> {
    return this.call('GET', path)
  }

  /** Requests a run with the given flags as JSON body. */
  request(flags: Readonly<Record<string, unknown>> = {}): Promise<ApiAnswer> {
    return this.call('POST', '/api/runs', { body: JSON.stringify(flags) })
  }

  /** Requests a run and waits for its end. */
  async sync(flags: Readonly<Record<string, unknown>> = {}, timeoutMs = 60_000) {
    const answer = await this.request(flags)
    if (answer.status !== 202) throw new Error(`POST /api/runs: ${answer.status} ${answer.text}`)
    return this.ended(answer.json.id, timeoutMs)
  }

  /** Waits until a run has ended. */
  async ended(id: string, timeoutMs = 60_000) {
    const until = Date.now() + timeoutMs
    for (;;) {
      const { json } = await this.get(`/api/runs/${id}`)
      if (json !== undefined && !['queued', 'running'].includes(json.status)) return json
      if (Date.now() > until) {
        const log = this.host.lines.slice(-30).join('\n')
        throw new Error(`run ${id} did not end: ${JSON.stringify(json)}\n${log}`)
      }
      await sleep(50)
    }
  }

  /** All changes of a run. */
  async changes(id: string, query = ''): Promise<Record<string, unknown>[]> {
    const changes: Record<string, unknown>[] = []
    let continuation = ''
    do {
      const next = continuation === '' ? '' : `&continuation=${continuation}`
      const { json } = await this.get(`/api/runs/${id}/changes?limit=200${query}${next}`)
      changes.push(...json.changes)
      continuation = json.continuation ?? ''
    } while (continuation !== '')
    return changes
  }
}

// A storage account of its own keeps a world's tables and queue apart from every other's.
function isolatedStorage(): string {
  const account = `test${randomInt(testAccounts)}`
  return inject('azuriteConnectionString').replaceAll('devstoreaccount1', account)
}
