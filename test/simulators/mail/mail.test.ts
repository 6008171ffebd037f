import { fork } from 'node:child_process'
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { EmailClient, type EmailMessage } from '@azure/communication-email'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type MailService, startMail } from './server.ts'

let mail: MailService
beforeEach(async () => {
  mail = await startMail()
})
afterEach(() => mail.close())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const message = (change: Partial<EmailMessage> = {}): EmailMessage => ({
  senderAddress: 'sync@contoso.example',
  content: { subject: 'Run <done> é', plainText: 'Three changes', html: '<p>Three changes</p>' },
  recipients: {
    to: [{ address: 'admin@contoso.example' }],
    cc: [{ address: 'c@contoso.example' }],
  },
  attachments: [
    { name: 'changes.csv', contentType: 'text/csv', contentInBase64: base64('address\r\nanna') },
  ],
  ...change,
})
const emailClient = (connectionString = mail.connectionString) =>
  new EmailClient(connectionString, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 1, retryDelayInMs: 1 },
  })
const send = async (change?: Partial<EmailMessage>, operationId?: string) => {
  const poller = await emailClient().beginSend(message(change), operationId ? { operationId } : {})
  return await poller.pollUntilDone()
}

describe('with the real client', () => {
  test('a mail is sent, polled to its end, and in the outbox whole', async () => {
    const result = await send()
    expect(result).toMatchObject({ status: 'Succeeded' })
    expect(mail.outbox()).toEqual([
      {
        number: 1,
        operationId: result.id,
        receivedAt: expect.any(String),
        error: null,
        from: 'sync@contoso.example',
        to: ['admin@contoso.example'],
        cc: ['c@contoso.example'],
        bcc: [],
        replyTo: [],
        subject: 'Run <done> é',
        text: 'Three changes',
        html: '<p>Three changes</p>',
        headers: {},
        attachments: [
          { name: 'changes.csv', contentType: 'text/csv', content: Buffer.from('address\r\nanna') },
        ],
      },
    ])
    expect(mail.log.entries.map(({ tags }) => tags['operation'])).toEqual(['send', 'poll', 'poll'])
  })

  test('the same operation id again is the same mail, and is noticed', async () => {
    const operationId = randomUUID()
    await send({}, operationId)
    await send({}, operationId.toUpperCase())
    await send({ senderAddress: 'other@contoso.example' }, operationId)
    await send()
    expect(mail.outbox()).toHaveLength(2)
    expect(mail.duplicates()).toMatchObject([
      { number: 1, isSameBody: true },
      { number: 1, isSameBody: false },
    ])
  })

  test('a mail that fails in the end says why', async () => {
    mail.setOptions({ failWith: { code: 'EmailDropped', message: 'all recipients suppressed' } })
    await expect(send()).rejects.toThrow('EmailDropped')
    expect(mail.outbox()).toMatchObject([{ error: { code: 'EmailDropped' } }])
  })

  test('a throttled send is repeated, and makes one mail', async () => {
    mail.faults.once(
      { tags: { operation: 'send' } },
      { kind: 'answer', status: 429, retryAfter: 0 },
    )
    await send()
    expect(mail.outbox()).toHaveLength(1)
  })

  test('a wrong key is refused', async () => {
    const wrong = `endpoint=${mail.url}/;accesskey=${base64('another key')}`
    const sent = emailClient(wrong).beginSend(message())
    await expect(sent).rejects.toMatchObject({ statusCode: 401, code: 'Denied' })
    expect(mail.outbox()).toEqual([])
  })

  test.each([
    ['.html', 'report.html', 'text/html', 'attachments[0].name'],
    ['.log', 'debug.log', 'text/plain', 'attachments[0].name'],
    ['a type that does not fit', 'debug.txt', 'text/csv', 'attachments[0].contentType'],
  ])('an attachment is refused for %s', async (_, name, contentType, property) => {
    const attachments = [{ name, contentType, contentInBase64: base64('x') }]
    await expect(send({ attachments })).rejects.toThrow(
      `Request body validation error. See property '${property}'`,
    )
  })

  test('a request over 10 MB, an unlinked sender and a mail to nobody are refused', async () => {
    const contentInBase64 = base64('x'.repeat(7_900_000))
    const attachments = [{ name: 'big.txt', contentType: 'text/plain', contentInBase64 }]
    await expect(send({ attachments })).rejects.toMatchObject({ statusCode: 413 })
    mail.setOptions({ senderDomains: ['fabrikam.example'] })
    await expect(send()).rejects.toMatchObject({ statusCode: 404, code: 'DomainNotLinked' })
    await expect(send({ recipients: { to: [] } })).rejects.toThrow("'recipients'")
  })
})

describe('the signature', () => {
  function sign(body: string, change: { date?: string; path?: string } = {}) {
    const date = change.date ?? new Date().toUTCString()
    const hash = createHash('sha256').update(body).digest('base64')
    const path = change.path ?? '/emails:send?api-version=2025-09-01'
    const text = `POST\n${path}\n${date};${new URL(mail.url).host};${hash}`
    const key = /accesskey=(.*)$/.exec(mail.connectionString)?.[1] ?? ''
    const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')
    return {
      'x-ms-date': date,
      'x-ms-content-sha256': hash,
      authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
    }
  }
  const post = async (body: string, headers: Record<string, string>) => {
    const url = `${mail.url}/emails:send?api-version=2025-09-01`
    const type = { 'content-type': 'application/json' }
    return (await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } })).status
  }

  test('covers method, path, query, date, host and body, byte by byte', async () => {
    const body = JSON.stringify(message())
    expect(await post(body, sign(body))).toBe(202)
    expect(await post(`${body} `, sign(body))).toBe(401)
    expect(await post(body, sign(body, { path: '/emails:send' }))).toBe(401)
    expect(await post(body, { ...sign(body), 'x-ms-date': new Date(0).toUTCString() })).toBe(401)
    expect(await post(body, sign(body, { date: new Date(0).toUTCString() }))).toBe(401)
    expect(await post(body, {})).toBe(401)
    expect(mail.outbox()).toHaveLength(1)
  })
})

test('people read the outbox as pages; what a mail holds is never run', async () => {
  await send({ content: { subject: '<b>Hi</b>', html: '<p>"Three"</p>', plainText: 'Three' } })
  const page = async (path: string) => {
    const response = await fetch(mail.url + path)
    return { type: response.headers.get('content-type'), text: await response.text(), response }
  }
  const list = await page('/')
  expect(list.text).toContain('<a href="/outbox/1">&lt;b&gt;Hi&lt;/b&gt;</a>')
  expect((await page('/outbox/1')).text).toContain('srcdoc="&lt;p&gt;&quot;Three&quot;&lt;/p&gt;"')
  expect(await page('/outbox/1.txt')).toMatchObject({ text: 'Three' })
  const bare = await page('/outbox/1.html')
  expect([bare.text, bare.response.headers.get('content-security-policy')]).toEqual([
    '<p>"Three"</p>',
    'sandbox',
  ])
  expect(await page('/outbox/1/attachments/changes.csv')).toMatchObject({
    type: 'text/csv',
    text: 'address\r\nanna',
  })
  expect((await page('/outbox/2')).response.status).toBe(404)
})

test('runs as a process of its own, driven and read from outside', async () => {
  const program = fileURLToPath(new URL('./serve.ts', import.meta.url))
  const child = fork(program, ['{"runningPolls":0}'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{ url, connectionString }] = (await once(child, 'message')) as [
    { url: string; connectionString: string },
  ]
  const poller = await emailClient(connectionString).beginSend(message())
  expect(poller.isDone()).toBe(true)
  const state = async () => await (await fetch(`${url}/__control/state`)).json()
  expect(await state()).toMatchObject({
    mails: [{ number: 1, attachments: [{ contentInBase64: base64('address\r\nanna') }] }],
    duplicates: [],
  })
  const body = JSON.stringify({ action: 'clear' })
  await fetch(`${url}/__control/state`, { method: 'POST', body })
  expect(await state()).toMatchObject({ mails: [] })
  child.kill()
  await once(child, 'exit')
})
