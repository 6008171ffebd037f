import { describe, expect, test, vi } from 'vitest'
import {
  type FetchToken,
  managedIdentityTokens,
} from '../../../core/adapters/identity/managed-identity.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { loopback } from '../http/loopback.ts'

const audience = 'https://outlook.office365.com'
const minute = 60_000

/** An identity whose tokens are numbered and live one hour. */
function numberedTokens(clock: FakeClock) {
  const asked: { audience: string; fresh: boolean }[] = []
  const fetchToken: FetchToken = async (audience, fresh) => {
    asked.push({ audience, fresh })
    const expiresOnTimestamp = clock.now().getTime() + 60 * minute
    return { token: `token-${asked.length}`, expiresOnTimestamp }
  }
  return { asked, tokens: managedIdentityTokens({ audience, clock, fetchToken }) }
}

describe('a token', () => {
  test('is fetched once for all who ask at the same time, and kept until five minutes before it expires', async () => {
    const clock = new FakeClock()
    const { asked, tokens } = numberedTokens(clock)
    expect(await Promise.all([tokens.getToken(), tokens.getToken()])).toEqual([
      'token-1',
      'token-1',
    ])
    await clock.advance(55 * minute - 1)
    expect(await tokens.getToken()).toBe('token-1')
    await clock.advance(1)
    expect(await tokens.getToken()).toBe('token-2')
    expect(asked).toEqual([
      { audience, fresh: false },
      { audience, fresh: false },
    ])
  })

  test('that was refused is replaced by one that no cache knows, once for all who refuse it', async () => {
    const { asked, tokens } = numberedTokens(new FakeClock())
    const refused = await tokens.getToken()
    tokens.invalidate(refused)
    tokens.invalidate(refused)
    expect(await tokens.getToken()).toBe('token-2')
    tokens.invalidate(refused)
    expect(await tokens.getToken()).toBe('token-2')
    expect(asked.map(({ fresh }) => fresh)).toEqual([false, true])
  })

  test('that cannot be had says what to do, and is asked for again next time', async () => {
    const fetchToken = vi.fn<FetchToken>().mockRejectedValue(new Error('400 with secret details'))
    const tokens = managedIdentityTokens({ audience, clock: new FakeClock(), fetchToken })
    const failure = tokens.getToken()
    await expect(failure).rejects.toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
      message: expect.stringMatching(/outlook\.office365\.com.*system-assigned identity.*on/),
    })
    await expect(failure).rejects.not.toThrow('secret details')
    await expect(tokens.getToken()).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' })
    expect(fetchToken).toHaveBeenCalledTimes(2)
  })
})

test('an identity endpoint that takes the question and never answers is unavailable after half a minute', async () => {
  vi.useFakeTimers()
  try {
    const fetchToken: FetchToken = () => new Promise(() => undefined)
    const tokens = managedIdentityTokens({ audience, clock: new FakeClock(), fetchToken })
    const failure = tokens.getToken().catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await failure).toMatchObject({ code: 'IDENTITY_UNAVAILABLE' })
  } finally {
    vi.useRealTimers()
  }
})

// One test for the real endpoint: the SDK keeps its tokens and its choice of endpoint for the life of the process.
test('the managed identity is asked by the protocol of App Service, and past its cache after a refusal', async () => {
  const server = await loopback(({ path }, number) => ({
    body: {
      access_token: `opaque ${number}`,
      expires_on: String(Math.floor(Date.now() / 1000) + 24 * 3600),
      resource: new URL(path, 'http://localhost').searchParams.get('resource'),
      token_type: 'Bearer',
      client_id: '0f1e2d3c-0000-4000-8000-00000000c11e',
    },
  }))
  vi.stubEnv('IDENTITY_ENDPOINT', `${server.url}/msi/token`)
  vi.stubEnv('IDENTITY_HEADER', 'header-secret')
  const clock = new FakeClock(new Date().toISOString())
  const tokens = managedIdentityTokens({ audience, clock })
  const ofGraph = managedIdentityTokens({ audience: 'https://graph.microsoft.com', clock })

  expect(await tokens.getToken()).toBe('opaque 1')
  expect(await tokens.getToken()).toBe('opaque 1')
  expect(await ofGraph.getToken()).toBe('opaque 2')
  tokens.invalidate('opaque 1')
  expect(await tokens.getToken()).toBe('opaque 3')
  expect(await managedIdentityTokens({ audience, clock }).getToken()).toBe('opaque 3')

  const query = '?api-version=2019-08-01&resource='
  expect(server.received.map(({ path }) => path)).toEqual([
    `/msi/token${query}${encodeURIComponent(audience)}`,
    `/msi/token${query}${encodeURIComponent('https://graph.microsoft.com')}`,
    `/msi/token${query}${encodeURIComponent(audience)}`,
  ])
  expect(server.received.map(({ headers }) => headers['x-identity-header'])).toEqual(
    Array.from({ length: 3 }, () => 'header-secret'),
  )
})
