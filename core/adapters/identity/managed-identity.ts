import { type AccessToken, ManagedIdentityCredential } from '@azure/identity'
import { ManagedIdentityApplication } from '@azure/msal-node'
import { SyncError } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import type { CallObserver } from '../http/call-observer.ts'
import type { TokenProvider } from './token-provider.ts'

/** Fetches one token from the identity. `fresh`: past every cache of this process. */
export type FetchToken = (
  audience: string,
  fresh: boolean,
) => Promise<Pick<AccessToken, 'token' | 'expiresOnTimestamp'>>

interface ManagedIdentityOptions {
  /** `https://outlook.office365.com`, without a slash at the end: it is sent as `resource` (reference 2.2). */
  readonly audience: string
  readonly clock: Clock
  readonly observer?: CallObserver
  /** Replaces the managed identity in tests. */
  readonly fetchToken?: FetchToken
}

const timeoutMs = 30_000

/**
 * Tokens of the Function App's managed identity for one audience. A token is kept until shortly before it expires;
 * callers that ask at the same time share one request.
 */
export function managedIdentityTokens(options: ManagedIdentityOptions): TokenProvider {
  const { audience, clock, fetchToken = fetchFromManagedIdentity() } = options
  let kept: { readonly token: string; readonly renewAt: number } | null = null
  let pending: Promise<string> | null = null
  let refused = false

  const fetchAndKeep = async (): Promise<string> => {
    const asked = clock.now().getTime()
    const { token, expiresOnTimestamp } = await observed(options, () =>
      boundedFetch(fetchToken, audience, refused),
    )
    const lifetime = expiresOnTimestamp - asked
    kept = { token, renewAt: expiresOnTimestamp - Math.min(300_000, lifetime / 10) }
    refused = false
    return token
  }

  return {
    getToken: async () => {
      if (kept !== null && clock.now().getTime() < kept.renewAt) return kept.token
      pending ??= fetchAndKeep().finally(() => {
        pending = null
      })
      return pending
    },
    invalidate: (token) => {
      if (kept?.token !== token) return
      kept = null
      refused = true
    },
  }
}

// The SDK gives no status: a token is the 200 of an identity.
async function observed<T>(
  { audience, clock, observer }: ManagedIdentityOptions,
  fetch: () => Promise<T>,
): Promise<T> {
  const started = clock.monotonic()
  const tell = (status: number | null): void =>
    observer?.onCall({
      upstream: 'identity',
      operation: `token for ${audience}`,
      status,
      durationMs: clock.monotonic() - started,
      requestId: null,
      attempt: 1,
    })
  try {
    const fetched = await fetch()
    tell(200)
    return fetched
  } catch (error) {
    tell(null)
    throw error
  }
}

async function boundedFetch(fetchToken: FetchToken, audience: string, fresh: boolean) {
  const { promise: deadline, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`no answer within ${timeoutMs / 1000} s`)),
    timeoutMs,
  )
  try {
    return await Promise.race([fetchToken(audience, fresh), deadline])
  } catch (error) {
    throw new SyncError(
      'IDENTITY_UNAVAILABLE',
      `The managed identity gave no token for ${audience}. Switch the system-assigned identity of the Function App on (Identity, System assigned), give it its roles, and restart the app.`,
      { cause: error },
    )
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The real source. `ManagedIdentityCredential` and not `DefaultAzureCredential`: no hidden fall-through to somebody's
 * command line login. It offers no way past its cache, so that a refused token would come back for hours; MSAL, on
 * which it stands and whose cache it shares, does (`forceRefresh`). Both read the environment when they are made:
 * that is put off to the first token, so that a wrong environment cannot stop the app from loading.
 */
function fetchFromManagedIdentity(): FetchToken {
  let credential: ManagedIdentityCredential | undefined
  let application: ManagedIdentityApplication | undefined
  return async (audience, fresh) => {
    if (!fresh) {
      credential ??= new ManagedIdentityCredential()
      return credential.getToken(`${audience}/.default`)
    }
    application ??= new ManagedIdentityApplication()
    const result = await application.acquireToken({ resource: audience, forceRefresh: true })
    if (result.expiresOn === null) throw new Error('the token has no expiry')
    return { token: result.accessToken, expiresOnTimestamp: result.expiresOn.getTime() }
  }
}
