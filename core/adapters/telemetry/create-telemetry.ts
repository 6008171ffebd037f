import type { Environment } from '../../config.ts'
import type { Clock } from '../../ports.ts'
import { noTelemetry, type Telemetry } from '../../telemetry/telemetry.ts'
import { managedIdentityTokens } from '../identity/managed-identity.ts'
import { bufferedTelemetry } from './buffered-telemetry.ts'
import { telemetryTargets } from './telemetry-targets.ts'

/** Of an identity that sends telemetry to Application Insights. */
const monitorAudience = 'https://monitor.azure.com'

export interface TelemetryOptions {
  readonly env: Environment
  /** `CLOUD_SYNC__TELEMETRY`. */
  readonly isOn: boolean
  readonly version: string
  readonly clock: Clock
}

/** Telemetry to the targets that the environment names; none of it when it is off or there is no target. */
export function createTelemetry({ env, isOn, version, clock }: TelemetryOptions): Telemetry {
  const targets = telemetryTargets(env)
  const hasTarget = targets.otlpEndpoint !== null || targets.applicationInsights !== null
  if (!isOn || (!hasTarget && targets.faults.length === 0)) return noTelemetry
  return bufferedTelemetry(async () => {
    if (!hasTarget) throw new Error(targets.faults.join('; '))
    // The SDK and its exporters: half a megabyte of code that the start of the app does not need.
    const { openTelemetry } = await import('./open-telemetry.ts')
    const monitorTokens = () => managedIdentityTokens({ audience: monitorAudience, clock })
    return openTelemetry({ targets, version, monitorTokens })
  }, clock)
}
