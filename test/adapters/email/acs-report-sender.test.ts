import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createReportSender,
  type ReportSenderOptions,
} from '../../../core/adapters/email/acs-report-sender.ts'
import type { CallRecord, WaitRecord } from '../../../core/adapters/http/call-observer.ts'
import type { Clock, Mail } from '../../../core/ports.ts'
import { type MailService, startMail } from '../../simulators/mail/server.ts'

let service: MailService
beforeEach(async () => {
  service = await startMail()
})
afterEach(() => service.close())

const clock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal && { signal }),
}
const report: Mail = {
  subject: 'Cloud Sync: 3 changes',
  text: 'Three changes',
  html: '<p>Three changes</p>',
  attachments: [
    { name: 'changes.csv', contentType: 'text/csv', content: Buffer.from('address\r\nännä') },
  ],
}

function senderOn(given: Partial<ReportSenderOptions> = {}) {
  const calls: CallRecord[] = []
  const waits: WaitRecord[] = []
  const sender = createReportSender({
    connectionString: service.connectionString,
    sender: 'sync@contoso.example',
    recipients: ['admin@contoso.example', 'it@contoso.example'],
    clock,
    observer: { onCall: (call) => calls.push(call), onWait: (wait) => waits.push(wait) },
    timeoutMs: 5_000,
    ...given,
  })
  return { send: (mail = report, id: string = randomUUID()) => sender.send(mail, id), calls, waits }
}

test('a report arrives whole, once, under its operation id', async () => {
  const { send, calls } = senderOn()
  const operationId = randomUUID()
  expect(await send(report, operationId)).toEqual({ email: 'sent' })
  expect(await send(report, operationId)).toEqual({ email: 'sent' })
  expect(service.outbox()).toMatchObject([
    {
      operationId,
      from: 'sync@contoso.example',
      to: ['admin@contoso.example', 'it@contoso.example'],
      subject: 'Cloud Sync: 3 changes',
      text: 'Three changes',
      html: '<p>Three changes</p>',
      attachments: [{ name: 'changes.csv', content: Buffer.from('address\r\nännä') }],
    },
  ])
  expect(service.duplicates()).toMatchObject([{ isSameBody: true }])
  expect(calls.slice(0, 2)).toMatchObject([
    { upstream: 'mail', operation: 'POST /emails:send', status: 202, attempt: 1 },
    { upstream: 'mail', operation: 'GET /emails/operations/{id}', status: 200, attempt: 1 },
  ])
})

describe('a mail that cannot be sent is an outcome, never an exception', () => {
  test('when nothing is configured, or nobody would get it', async () => {
    const nothing = senderOn({ connectionString: '' })
    expect(await nothing.send()).toEqual({
      email: 'skipped',
      message: 'no mail service is configured',
    })
    const nobody = senderOn({ recipients: [] })
    expect(await nobody.send()).toMatchObject({ email: 'skipped' })
    expect(service.log.entries).toEqual([])
  })

  test.each<[string, Partial<ReportSenderOptions>, string]>([
    ['the sender is missing', { sender: '' }, 'CLOUD_SYNC__EMAIL_SENDER is empty'],
    [
      'there is an endpoint without an identity',
      { connectionString: '', endpoint: 'https://mail.contoso.example' },
      'needs a managed identity',
    ],
    [
      'the connection string is none',
      { connectionString: 'accesskey=geheim' },
      'Invalid connection string ***',
    ],
    [
      'http would leave the machine',
      { connectionString: 'endpoint=http://mail.contoso.example/;accesskey=Z2VoZWlt' },
      'allowInsecureConnection',
    ],
  ])('when %s', async (_name, given, reason) => {
    const { email, message } = await senderOn(given).send()
    expect(email).toBe('failed')
    expect(message).toContain(reason)
    expect(message).not.toMatch(/geheim|Z2VoZWlt/)
  })

  test('when the service refuses the key, which stays unsaid', async () => {
    const key = Buffer.from('another key').toString('base64')
    const { email, message } = await senderOn({
      connectionString: `endpoint=${service.url}/;accesskey=${key}`,
    }).send()
    expect(email).toBe('failed')
    expect(message).toContain('the mail service answered 401: ')
    expect(message).not.toContain(key)
    expect(message?.length).toBeLessThanOrEqual(300)
  })

  test('when the service accepts it and fails in the end', async () => {
    service.setOptions({ failWith: { code: 'EmailDropped', message: 'all recipients suppressed' } })
    const { email, message } = await senderOn().send()
    expect(email).toBe('failed')
    expect(message).toContain('EmailDropped')
  })

  test('when the service never comes to an end', async () => {
    service.setOptions({ runningPolls: 1_000, retryAfterSeconds: 1 })
    expect(await senderOn({ timeoutMs: 300 }).send()).toEqual({
      email: 'failed',
      message: 'the mail service gave no final answer within 0.3 s',
    })
  })

  test('story 20: a mail service that accepts the connection and says nothing is not waited for without end', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const started = performance.now()
    const outcome = await senderOn({
      connectionString: `endpoint=http://127.0.0.1:${port}/;accesskey=Z2VoZWlt`,
      timeoutMs: 200,
    }).send()
    expect(outcome).toMatchObject({
      email: 'failed',
      message: expect.stringContaining('within 0.2 s'),
    })
    expect(performance.now() - started).toBeLessThan(1_500)
    silent.closeAllConnections()
    silent.close()
  })
})

test('a throttled send waits as it is told, within its bound', async () => {
  service.faults.once(
    { tags: { operation: 'send' } },
    { kind: 'answer', status: 429, retryAfter: 1 },
  )
  const { send, waits, calls } = senderOn()
  expect(await send()).toEqual({ email: 'sent' })
  expect(waits).toEqual([{ upstream: 'mail', seconds: 1, reason: "the mail service's rate limit" }])
  expect(calls.slice(0, 2).map(({ status, attempt }) => [status, attempt])).toEqual([
    [429, 1],
    [202, 2],
  ])
  expect(service.outbox()).toHaveLength(1)
})

test('a wait beyond the bound is not begun', async () => {
  service.faults.once(
    { tags: { operation: 'send' } },
    { kind: 'answer', status: 429, retryAfter: 300 },
  )
  const started = performance.now()
  const { email, message } = await senderOn().send()
  expect([email, message]).toEqual([
    'failed',
    'the mail service answered 429 and asks to wait 300 s, which is longer than a report waits',
  ])
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('an attachment that would make the mail too large is left out, and the mail goes', async () => {
  const log = {
    name: 'debug.txt',
    contentType: 'text/plain',
    content: Buffer.alloc(8_000_000, 'x'),
  }
  const mail = { ...report, attachments: [log, ...report.attachments] }
  expect(await senderOn().send(mail)).toEqual({
    email: 'sent',
    message: 'left out, for a mail holds 10 MB: debug.txt',
  })
  expect(service.outbox()[0]?.attachments.map(({ name }) => name)).toEqual(['changes.csv'])
})
