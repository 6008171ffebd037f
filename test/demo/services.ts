/** The simulated services, and the settings that lead the app to them. */
import { type MailService, startMail } from '../simulators/mail/server.ts'
import { type Microsoft365, startMicrosoft365 } from '../simulators/microsoft365/microsoft365.ts'
import { Tenant } from '../simulators/tenant/tenant.ts'
import { startZivver, type Zivver } from '../simulators/zivver/server.ts'
import type { DemoState } from './demo-data.ts'
import { wantedOrAnyPort } from './free-port.ts'

const zivverKey = 'zivver-key'
/** Calls per second that the simulated Zivver allows: enough for a short demo, few enough to watch the pacing. */
const callsPerSecond = 50

export interface Services {
  readonly microsoft365: Microsoft365
  readonly zivver: Zivver
  readonly mail: MailService
}

/** Starts the services with what they held before, on the ports that they had. */
export async function startServices({
  tenant,
  accounts,
  guests,
  ports,
  starts,
}: DemoState): Promise<Services> {
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

export async function closeServices({ microsoft365, zivver, mail }: Services): Promise<void> {
  await Promise.all([microsoft365.close(), zivver.close(), mail.close()])
}

/** The app's settings: what an administrator would set, and where the simulated services are. */
export function settingsFor(
  state: DemoState,
  { microsoft365, zivver, mail }: Services,
  storage: string,
): Record<string, string> {
  return {
    AzureWebJobsStorage: storage,
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
