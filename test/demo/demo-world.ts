/** Everything that the demo runs on: storage, simulated services, and the built functions in the local host. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { type HostProcess, startHost } from '../host/start-host.ts'
import type { OracleRow } from '../oracle/model.ts'
import { startAzurite } from '../support/azurite.ts'
import type { DemoData, DemoState } from './demo-data.ts'
import { wantedOrAnyPort } from './free-port.ts'
import { HostApi } from './host-api.ts'
import { readMappings } from './mapping-rows.ts'
import { RunningMark } from './running-mark.ts'
import { closeServices, type Services, settingsFor, startServices } from './services.ts'

const saveEveryMs = 1_000

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
    const host = await startFunctions(
      data,
      state,
      settingsFor(state, services, azurite.connectionString),
    )
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
