/** Whether the mail service would take a report: asked without sending one. */
import { createHash, createHmac } from 'node:crypto'
import type { CallObserver } from '../http/call-observer.ts'
import { type HttpAnswer, sendHttp } from '../http/http-client.ts'
import type { TokenProvider } from '../identity/token-provider.ts'

export interface ReachMailOptions {
  /** `endpoint=…;accesskey=…`, or the endpoint and tokens for it. */
  readonly access:
    | { readonly connectionString: string }
    | { readonly endpoint: string; readonly tokens: TokenProvider }
  readonly now: () => Date
  readonly observer: CallObserver
}

const timeoutMs = 8_000
// The send that nobody made: 404 says that we may ask.
const path = '/emails/operations/00000000-0000-4000-8000-000000000000?api-version=2025-09-01'

/** @throws Error that says in words why not; HttpTransportError when there is no answer */
export async function reachMailService(options: ReachMailOptions): Promise<void> {
  const { access, now } = options
  const { endpoint, accessKey } =
    'endpoint' in access ? { ...access, accessKey: null } : partsOf(access.connectionString)
  const url = new URL(path, endpoint)
  const authorization =
    'tokens' in access
      ? { authorization: `Bearer ${await access.tokens.getToken()}` }
      : signature(url, accessKey ?? '', now())
  const answer = await observed(options, () =>
    sendHttp({ method: 'GET', url: url.href, headers: authorization, timeoutMs }),
  )
  if (answer.status === 401 || answer.status === 403) {
    throw new Error(`it refuses the app with HTTP ${answer.status}`)
  }
  if (answer.status >= 500) throw new Error(`it answered HTTP ${answer.status}`)
}

/** The signature of an access key (reference local-azure, 4): `METHOD\npath?query\ndate;host;sha256 of the body`. */
function signature(url: URL, accessKey: string, now: Date): Record<string, string> {
  const date = now.toUTCString()
  const contentHash = createHash('sha256').update('').digest('base64')
  const text = `GET\n${url.pathname}${url.search}\n${date};${url.host};${contentHash}`
  const signed = createHmac('sha256', Buffer.from(accessKey, 'base64')).update(text)
  return {
    'x-ms-date': date,
    'x-ms-content-sha256': contentHash,
    authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signed.digest('base64')}`,
  }
}

function partsOf(connectionString: string): { endpoint: string; accessKey: string } {
  const part = (name: string) =>
    new RegExp(`(?:^|;)${name}=([^;]*)`, 'i').exec(connectionString)?.[1] ?? ''
  return { endpoint: part('endpoint'), accessKey: part('accesskey') }
}

async function observed(
  { observer }: ReachMailOptions,
  call: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const started = performance.now()
  const tell = (answer: HttpAnswer | null): void =>
    observer.onCall({
      upstream: 'mail',
      operation: 'GET /emails/operations/{id}',
      status: answer?.status ?? null,
      durationMs: performance.now() - started,
      requestId: answer?.headers.get('x-ms-request-id') ?? null,
      attempt: 1,
    })
  const answer = await call().catch((error: unknown) => {
    tell(null)
    throw error
  })
  tell(answer)
  return answer
}
