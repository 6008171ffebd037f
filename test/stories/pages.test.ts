import { expect, onTestFinished, test } from 'vitest'
import { createExchangeMailboxSource } from '../../core/adapters/exchange/exchange-mailbox-source.ts'
import { createGraphDirectory } from '../../core/adapters/graph/graph-directory.ts'
import { adapterOptions } from '../adapters/http/adapter-options.ts'
import { apiKey, openZivver } from '../adapters/zivver/open-zivver.ts'
import { startMicrosoft365 } from '../simulators/microsoft365/microsoft365.ts'
import { startZivver } from '../simulators/zivver/server.ts'
import { SmallTenant } from '../system/small-tenant.ts'

/** Two more than the largest page of Graph. */
const count = 1_001
const names = Array.from({ length: count }, (_, at) => `user${at}`)
const small = new SmallTenant().users(...names)
const everyone = small.group('Everyone', [...small.tenant.mailboxes.values()])

test('story 3: a thousand mailboxes, members and accounts in pages of 999 are read to the last one', async () => {
  const page = { maxPageSize: 999 }
  const { tenant } = small
  const microsoft365 = await startMicrosoft365({
    tenant,
    settings: { exchange: page, graph: page },
  })
  onTestFinished(() => microsoft365.close())
  const tokensFor = (service: 'exchange' | 'graph') => {
    const token = microsoft365.token(service)
    return { getToken: () => Promise.resolve(token), invalidate: () => undefined }
  }
  const source = createExchangeMailboxSource({
    ...adapterOptions(),
    tokens: tokensFor('exchange'),
    baseUrl: microsoft365.exchangeUrl,
    tenantId: tenant.id,
    concurrency: 8,
    clientVersion: '1.2.3',
  })
  const directory = createGraphDirectory({
    ...adapterOptions(),
    tokens: tokensFor('graph'),
    baseUrl: microsoft365.graphUrl,
    concurrency: 8,
  })
  const zivver = await startZivver({
    key: apiKey,
    rateLimit: null,
    accounts: small.accounts(),
    paging: { mode: 'pages', size: 999 },
  })
  onTestFinished(() => zivver.close())
  const { target } = openZivver(zivver.url)
  const identifiers = new Set(
    [...tenant.mailboxes.values()].map((one) => one.externalDirectoryObjectId),
  )
  const mailboxes = await source.listMailboxes()
  expect(new Set(mailboxes.map(({ identifier }) => identifier))).toEqual(identifiers)
  const members = await directory.listMembers(everyone.id)
  expect(new Set(members.map(({ id }) => id))).toEqual(identifiers)
  const { accounts } = await target.listAccounts()
  expect(new Set(accounts.map(({ externalAccountId }) => externalAccountId))).toEqual(identifiers)
  expect(microsoft365.log.count({ tags: { cmdlet: 'Get-Mailbox' } })).toBe(2)
  expect(zivver.log.count({ tags: { operation: 'list', kind: 'user' } })).toBe(2)
})
