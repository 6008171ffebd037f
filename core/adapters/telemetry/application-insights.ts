/**
 * Application Insights, by its ingestion API (`/v2.1/track`). Not by Microsoft's own exporter: that one asks other
 * services of Microsoft for its settings and tells them about the machine, which no setting can stop
 * (docs/decisions/0008-telemetry-leaves-only-for-where-it-was-sent.md).
 */
import * as z from 'zod'
import { parseJson, sendHttp } from '../http/http-client.ts'
import type { TokenProvider } from '../identity/token-provider.ts'
import { type Envelope, metricEnvelopes, spanEnvelopes } from './envelopes.ts'
import type { TelemetryExporter } from './open-telemetry.ts'
import type { ApplicationInsightsTarget } from './telemetry-targets.ts'

const timeoutMs = 4_000
const maxAnswerBytes = 1_000_000

export interface ApplicationInsightsOptions {
  readonly target: ApplicationInsightsTarget
  readonly version: string
  /** `null` = the resource takes telemetry by its instrumentation key alone. */
  readonly tokens: TokenProvider | null
}

export function applicationInsightsExporter(
  options: ApplicationInsightsOptions,
): TelemetryExporter {
  const { instrumentationKey } = options.target
  const sdkVersion = `cloud-sync:${options.version}`
  const origin = { instrumentationKey, sdkVersion }
  return {
    name: 'Application Insights',
    sendSpans: (spans) =>
      track(
        options,
        spans.flatMap((span) => spanEnvelopes(span, origin)),
      ),
    sendMetrics: (metrics) => track(options, metricEnvelopes(metrics, origin)),
  }
}

const answerSchema = z.object({ itemsReceived: z.number(), itemsAccepted: z.number() })

async function track(
  { target, tokens }: ApplicationInsightsOptions,
  envelopes: readonly Envelope[],
): Promise<void> {
  if (envelopes.length === 0) return
  const token = await tokens?.getToken()
  const answer = await sendHttp({
    method: 'POST',
    url: `${target.ingestionEndpoint}/v2.1/track`,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(envelopes),
    timeoutMs,
    maxBodyBytes: maxAnswerBytes,
  })
  if (answer.status === 401 && token !== undefined) tokens?.invalidate(token)
  if (answer.status !== 200) throw new Error(refusalOf(answer.status, answer.text))
}

function refusalOf(status: number, text: string): string {
  const answer = answerSchema.safeParse(parseJson(text))
  if (!answer.success) return `HTTP ${status}`
  const { itemsAccepted, itemsReceived } = answer.data
  return `HTTP ${status}, ${itemsAccepted} of ${itemsReceived} items taken`
}
