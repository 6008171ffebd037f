/** Everything that the demo runs on: storage, simulated services, and the built functions in the local host. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { type HostProcess, startHost } from '../host/start-host.ts'
import type { OracleRow } from '../oracle/model.ts'
import { type MailService, startMail } from '../simulators/mail/server.ts'
import { type Microsoft365, startMicrosoft365 } from '../simulators/microsoft365/microsoft365.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'
import { startZivver, type Zivver } from '../simulators/zivver/server.ts'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import type { DemoData, DemoState } from './demo-data.ts'
import { wantedOrAnyPort } from './free-port.ts'
import { HostApi } from './host-api.ts'
import { readMappings } from './mapping-rows.ts'
import { RunningMark } from './running-mark.ts'

const zivverKey = 'zivver-key'
/** Calls per second that the simulated Zivver allows: enough for a short demo, few enough to watch the pacing. */
const callsPerSecond = 50
const saveEveryMs = 1_000

/** The simulated services. */
interface Services {
  readonly microsoft365: Microsoft365
  readonly zivver: Zivver
  readonly mail: MailService
}

export interface DemoWorld extends Services, AsyncDisposable {
  readonly api: HostApi
  readonly state: DemoState
  /** The rows of `CloudSyncMappings`. */
  mappings(): Promise<OracleRow[]>
}

/** Starts everything; what was started ends again when a later part does not start. */
export async function startWorld(data: DemoData, state: DemoState): Promise<DemoWorld> {
  const ends: (() => Promise<unknown>)[] = []
  const endAll = async () => {
    for (const end of ends.toReversed()) await end()
  }
  try {
    const services = await startServices(state)
    ends.push(() => closeServices(services))
    ends.push(keepState(data, state, services))
    const mark = new RunningMark(data)
    ends.push(async () => mark.remove())
    const { url, tenant } = services.microsoft365
    mark.set({ url, tenantId: tenant.id, children: [] })
    const azurite = await startAzurite({ location: data.path('storage') })
    ends.push(() => azurite.close())
    const host = await startFunctions(data, state, settingsFor(state, services, azurite))
    ends.push(() => host.stop())
    mark.set({ url, tenantId: tenant.id, children: [azurite.pid, host.pid] })
    return {
      ...services,
      state,
      api: new HostApi(host.url, state.functionKey),
      mappings: () => readMappings(azurite.connectionString),
      [Symbol.asyncDispose]: endAll,
    }
  } catch (error) {
    await endAll()
    throw error
  }
}

async function startServices({ tenant, accounts, guests, ports, starts }: DemoState) {
  const microsoft365 = await startMicrosoft365({
    tenant: new Tenant(tenant),
    seed: starts,
    port: await wantedOrAnyPort(ports.microsoft365),
  })
  const zivver = await startZivver({
    accounts,
    guests,
    key: zivverKey,
    rateLimit: { budget: callsPerSecond, windowSeconds: 1 },
    // Ids are drawn from the seed: the same one again would draw those of accounts that are there.
    seed: starts,
    port: await wantedOrAnyPort(ports.zivver),
  })
  const mail = await startMail({ port: await wantedOrAnyPort(ports.mail) })
  return { microsoft365, zivver, mail }
}

async function closeServices({ microsoft365, zivver, mail }: Services): Promise<void> {
  await Promise.all([microsoft365.close(), zivver.close(), mail.close()])
}

/**
 * Keeps what the services hold for the next start: accounts as the real Zivver does, before a write is answered, so that a
 * demo that is killed has lost nothing that the app knows of; the tenant once a second. @returns the end of it
 */
function keepState(data: DemoData, state: DemoState, services: Services): () => Promise<void> {
  const { microsoft365, zivver, mail } = services
  const portOf = ({ url }: { url: string }) => Number(new URL(url).port)
  const ports = {
    host: state.ports.host,
    microsoft365: portOf(microsoft365),
    zivver: portOf(zivver),
    mail: portOf(mail),
  }
  const save = () => {
    const [tenant, accounts] = [microsoft365.tenant.toJSON(), zivver.state.views()]
    data.save({ ...state, ports, tenant, accounts })
  }
  save()
  zivver.state.onChange = save
  const timer = setInterval(save, saveEveryMs)
  return async () => {
    clearInterval(timer)
    save()
  }
}

/** The app's settings: what an administrator would set, and where the simulated services are. */
function settingsFor(
  state: DemoState,
  { microsoft365, zivver, mail }: Services,
  azurite: Azurite,
): Record<string, string> {
  return {
    AzureWebJobsStorage: azurite.connectionString,
    FUNCTIONS_LOCAL_KEY: state.functionKey,
    ...microsoft365.environment,
    CLOUD_SYNC__ZIVVER_API_URL: zivver.url,
    CLOUD_SYNC__ZIVVER_API_KEY: zivverKey,
    CLOUD_SYNC__ZIVVER_RATE_LIMIT: `${callsPerSecond}/1`,
    CLOUD_SYNC__INCLUDED_DOMAINS: state.includedDomains.join(','),
    CLOUD_SYNC__SSO_ACCOUNT_KEY: 'object_id',
    CLOUD_SYNC__EMAIL_CONNECTION_STRING: mail.connectionString,
    CLOUD_SYNC__EMAIL_SENDER: 'cloud-sync@contoso.example',
    CLOUD_SYNC__EMAIL_RECIPIENTS: 'administrators@contoso.example',
    // After a demo that was killed, the next one need not wait a minute for the run that was under way.
    CLOUD_SYNC__LEASE_SECONDS: '10',
  }
}

/** The settings also go to a file: for a table browser, and for `npm run host` by hand. */
async function startFunctions(
  data: DemoData,
  { ports }: DemoState,
  settings: Readonly<Record<string, string>>,
): Promise<HostProcess> {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(data.path('settings.env'), lines.join(''), { mode: 0o600 })
  const log = createWriteStream(data.path('host.log'))
  return startHost({
    env: { ...settings, PORT: String(await wantedOrAnyPort(ports.host)) },
    onLine: (line) => log.write(`${line}\n`),
  })
}
