import { expect, test } from 'vitest'
import { exchangeBase } from '../../core/adapters/exchange/exchange-client.ts'
import { graphBase } from '../../core/adapters/graph/graph-client.ts'
import { systemClock as clock } from '../../core/adapters/system-clock.ts'
import { createHttpProbe } from '../../core/adapters/verify/http-probe.ts'
import { limiterFor } from '../../core/adapters/zivver/pacing.ts'

test('a call that cannot even be made gives its place in the rate limit back', async () => {
  const url = 'http://127.0.0.1:1/scim'
  const key = 'a key of\ntwo lines'
  const limit = { requests: 1, seconds: 0.05 }
  const limiter = limiterFor({ baseUrl: url, apiKey: key, limit, clock })
  const tokens = { getToken: async () => 'token', invalidate: () => undefined }
  const probe = createHttpProbe({
    tenantId: 'tenant',
    version: '0.1.0',
    exchange: { base: exchangeBase('http://127.0.0.1:1'), tokens },
    graph: { base: graphBase('http://127.0.0.1:1'), tokens },
    zivver: { url, key, limiter },
  })
  await expect(probe.zivver('GET', '/Users')).rejects.toThrow(TypeError)
  const slot = await limiter.acquire({ patienceSeconds: 1, onWait: () => undefined })
  slot.giveBack()
})
