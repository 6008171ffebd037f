/** A month of nightly runs in the simulated tenant, each by a host that wakes up in that night. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RunFlags } from '../../../core/model/run.ts'
import type { DemoState } from '../../demo/demo-data.ts'
import { HostApi } from '../../demo/host-api.ts'
import { type Services, settingsFor } from '../../demo/services.ts'
import { type HostProcess, startHost } from '../../host/start-host.ts'
import { createRandom } from '../../simulators/shared/random.ts'
import { disableMailbox, enableMailbox } from '../../simulators/tenant/mailbox-mutations.ts'
import { randomMutations } from '../../simulators/tenant/random-mutations.ts'
import { setClock } from './clock.ts'

const dayMs = 86_400_000
const ordinaryNights = 24
const leavers = 31
const cmdletMs = 120
const clockModule = fileURLToPath(new URL('./clock.ts', import.meta.url))

/** What the pictures are taken of. */
export interface Month {
  readonly host: HostProcess
  readonly api: HostApi
  readonly firstPreview: string
  readonly firstSync: string
}

/** The tenant, and where the app's tables are. */
export interface Place {
  readonly state: DemoState
  readonly services: Services
  readonly storage: string
}

/**
 * A first sync, quiet nights, one on which too many seem to leave, and the one after it.
 * @returns a host that runs now, with all of it in its history
 */
export async function liveAMonth(place: Place): Promise<Month> {
  const { tenant } = place.services.microsoft365
  const lastNight = new Date()
  lastNight.setUTCHours(1, 0, 1, 0)
  if (lastNight > new Date()) lastNight.setTime(lastNight.getTime() - dayMs)
  const night = (ago: number) => new Date(lastNight.getTime() - ago * dayMs)

  // A real cmdlet takes longer still.
  place.services.microsoft365.cmdletLatency.set(cmdletMs)
  const { firstPreview, firstSync } = await beginning(
    place,
    new Date(night(ordinaryNights + 2).getTime() + dayMs / 3),
  )
  const random = createRandom(4)
  for (let ago = ordinaryNights + 1; ago > 1; ago--) {
    randomMutations(tenant, random, ago % 4)
    await scheduledRun(place, night(ago))
  }
  const people = [...tenant.mailboxes.values()].filter(
    (mailbox) => mailbox.recipientTypeDetails === 'UserMailbox' && !mailbox.accountDisabled,
  )
  const some = people.slice(0, leavers)
  for (const mailbox of some) disableMailbox(tenant, mailbox)
  await scheduledRun(place, night(1))
  for (const mailbox of some.slice(2)) enableMailbox(tenant, mailbox)
  await scheduledRun(place, night(0))
  const host = await hostAt(place, new Date(lastNight.getTime() + dayMs / 4))
  return { host, api: apiOf(host, place), firstPreview, firstSync }
}

/** What an administrator does on the first day. @returns ids of the first preview, and of the sync that went through */
async function beginning(
  place: Place,
  moment: Date,
): Promise<Pick<Month, 'firstPreview' | 'firstSync'>> {
  await using host = await hostAt(place, moment)
  const api = apiOf(host, place)
  const firstPreview = await run(api, {})
  await run(api, { perform_sync: true })
  const firstSync = await run(api, { perform_sync: true, allow_large_sync: true })
  return { firstPreview, firstSync }
}

/** The timer finds that its hour has come while no host was there, and starts the run of that night. */
async function scheduledRun(place: Place, moment: Date): Promise<void> {
  await using host = await hostAt(place, moment)
  await host.waitForLine(/\[executeRun \w+\] run ended/)
  const api = apiOf(host, place)
  while ((await api.activeRun()) !== null) await sleep(50)
}

async function run(api: HostApi, flags: Partial<RunFlags>): Promise<string> {
  const id = await api.request(flags)
  if (id === null) throw new Error('another run is under way')
  await api.follow(id, () => undefined, AbortSignal.timeout(60_000))
  return id
}

function hostAt({ state, services, storage }: Place, moment: Date): Promise<HostProcess> {
  return startHost({
    env: {
      ...settingsFor(state, services, storage),
      CLOUD_SYNC__PERFORM_SYNC: 'True',
      CLOCK_SHIFT_MS: String(setClock(moment)),
      NODE_OPTIONS: `--import ${clockModule}`,
    },
  })
}

function apiOf({ url }: HostProcess, { state }: Place): HostApi {
  return new HostApi(url, state.functionKey)
}
