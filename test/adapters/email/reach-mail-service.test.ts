import { beforeEach, expect, onTestFinished, test } from 'vitest'
import {
  type ReachMailOptions,
  reachMailService,
} from '../../../core/adapters/email/reach-mail-service.ts'
import type { CallRecord } from '../../../core/adapters/http/call-observer.ts'
import { startMail } from '../../simulators/mail/server.ts'
import { loopback } from '../http/loopback.ts'

let calls: CallRecord[]
beforeEach(() => {
  calls = []
})

function reach(access: ReachMailOptions['access']): Promise<void> {
  const observer = { onCall: (call: CallRecord) => calls.push(call), onWait: () => undefined }
  return reachMailService({ access, now: () => new Date(), observer })
}

test('the right access key is let in, a wrong one is not, and no mail is sent', async () => {
  const mail = await startMail()
  onTestFinished(() => mail.close())
  await reach({ connectionString: mail.connectionString })
  const otherKey = Buffer.from('another key').toString('base64')
  const wrong = mail.connectionString.replace(/accesskey=.*/, `accesskey=${otherKey}`)
  await expect(reach({ connectionString: wrong })).rejects.toThrow(
    'it refuses the app with HTTP 401',
  )
  expect(mail.outbox()).toEqual([])
  expect(calls.map(({ status }) => status)).toEqual([404, 401])
})

test('with an identity its token is sent; a missing role is a refusal', async () => {
  const server = await loopback(({ headers }) => ({
    status: headers.authorization === 'Bearer token' ? 404 : 403,
  }))
  const tokens = (token: string) => ({ getToken: async () => token, invalidate: () => undefined })
  await reach({ endpoint: server.url, tokens: tokens('token') })
  const refused = reach({ endpoint: server.url, tokens: tokens('other') })
  await expect(refused).rejects.toThrow('it refuses the app with HTTP 403')
})

test('a service that is not there, or broken, is told', async () => {
  const broken = await loopback(() => ({ status: 503 }))
  const access = `endpoint=${broken.url}/;accesskey=QQ==`
  await expect(reach({ connectionString: access })).rejects.toThrow('it answered HTTP 503')
  await expect(
    reach({ connectionString: 'endpoint=http://127.0.0.1:9/;accesskey=QQ==' }),
  ).rejects.toThrow(/GET 127\.0\.0\.1:9\S* failed/)
  expect(calls.map(({ status }) => status)).toEqual([503, null])
})
