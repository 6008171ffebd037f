/** Where telemetry goes, by the environment (`docs/telemetry.md`). */
import { isLoopback } from '../../config/loopback.ts'
import type { Environment } from '../../config.ts'

/** Application Insights, as its connection string names it. */
export interface ApplicationInsightsTarget {
  readonly instrumentationKey: string
  /** Without a slash at the end. */
  readonly ingestionEndpoint: string
  /** The resource takes telemetry from identities only (`Authorization=AAD`, as the Functions host reads it too). */
  readonly withIdentity: boolean
}

export interface TelemetryTargets {
  /** Base address of an OTLP collector, without a slash at the end; `null` = none. */
  readonly otlpEndpoint: string | null
  readonly applicationInsights: ApplicationInsightsTarget | null
  /** `service.name`, in Application Insights the cloud role: the name of the Function App, as the host reports it. */
  readonly serviceName: string
  /** Why a target that is set cannot be used; names the setting, never its value. */
  readonly faults: readonly string[]
}

const publicIngestion = 'https://dc.services.visualstudio.com'

/** Reads the targets. Never throws: an unusable one is named among the faults and left out. */
export function telemetryTargets(env: Environment): TelemetryTargets {
  const faults: string[] = []
  return {
    otlpEndpoint: endpointOf('OTEL_EXPORTER_OTLP_ENDPOINT', env, faults),
    applicationInsights: applicationInsightsOf(env, faults),
    serviceName:
      textOf(env, 'OTEL_SERVICE_NAME') ?? textOf(env, 'WEBSITE_SITE_NAME') ?? 'cloud-sync',
    faults,
  }
}

function textOf(env: Environment, name: string): string | null {
  return env[name]?.trim() || null
}

function endpointOf(name: string, env: Environment, faults: string[]): string | null {
  const text = textOf(env, name)
  if (text === null) return null
  if (isAllowed(text)) return withoutSlash(text)
  faults.push(`${name} must be an https address (http is allowed on loopback only)`)
  return null
}

function applicationInsightsOf(
  env: Environment,
  faults: string[],
): ApplicationInsightsTarget | null {
  const name = 'APPLICATIONINSIGHTS_CONNECTION_STRING'
  const text = textOf(env, name)
  if (text === null) return null
  const parts = partsOf(text)
  const instrumentationKey = parts.get('instrumentationkey') ?? ''
  const endpoint = parts.get('ingestionendpoint') ?? publicIngestion
  if (!/^[0-9a-f-]{36}$/i.test(instrumentationKey) || !isAllowed(endpoint)) {
    faults.push(`${name} must be copied whole from the Application Insights resource`)
    return null
  }
  const authentication = partsOf(textOf(env, 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING') ?? '')
  return {
    instrumentationKey,
    ingestionEndpoint: withoutSlash(endpoint),
    withIdentity: authentication.get('authorization')?.toLowerCase() === 'aad',
  }
}

/** `Key=value;…`, keys in lower case. */
function partsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').flatMap((part) => {
      const at = part.indexOf('=')
      return at === -1 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]]
    }),
  )
}

function isAllowed(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol === 'https:') return true
  return url?.protocol === 'http:' && isLoopback(url.hostname)
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
