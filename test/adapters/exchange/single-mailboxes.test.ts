import { describe, expect, test } from 'vitest'
import { loopback, type Reply } from '../http/loopback.ts'
import {
  cmdletOf,
  exchangeSource,
  failure,
  identifier,
  mailboxRow,
  notFound,
  page,
} from './exchange-answers.ts'

const ambiguous = failure(400, 'System.Exception', "'x' matches multiple entries.")

describe('a probe of one mailbox', () => {
  test('asks by identifier, and only a definite not-found is absence', async () => {
    const server = await loopback((request) => {
      const { Identity } = cmdletOf(request).parameters
      return Identity === identifier(2) ? notFound : { body: page([mailboxRow(1)]) }
    })
    const { source } = exchangeSource(server.url)
    const probes = await source.probeMailboxes([identifier(1), identifier(2)])
    expect(probes).toEqual(
      new Map([
        [identifier(1), 'present'],
        [identifier(2), 'absent'],
      ]),
    )
    expect(server.received.map((request) => cmdletOf(request).name)).toEqual([
      'Get-Mailbox',
      'Get-Mailbox',
    ])
  })

  test.each<[string, Reply, string]>([
    ['an answer without rows', { body: page([]) }, 'SOURCE_INCOMPLETE'],
    ['an ambiguous identity', ambiguous, 'SOURCE_INCOMPLETE'],
    ['a 404 that is not Exchange speaking', { status: 404, body: 'not here' }, 'SOURCE_INCOMPLETE'],
    ['an answer that never comes', { cut: true }, 'SOURCE_UNREACHABLE'],
    ['a missing right', { status: 403 }, 'EXCHANGE_FORBIDDEN'],
  ])('is not settled by %s', async (_, reply, code) => {
    const server = await loopback(() => reply)
    const probe = exchangeSource(server.url).source.probeMailboxes([identifier(1)])
    await expect(probe).rejects.toMatchObject({ code })
  })

  test('never leaves without an identity: that would mean all mailboxes', async () => {
    const server = await loopback(() => ({ body: page([mailboxRow(1)]) }))
    const { source } = exchangeSource(server.url)
    await expect(source.probeMailboxes([' '])).rejects.toThrow(TypeError)
    await expect(source.findRecipient('')).rejects.toThrow(TypeError)
    expect(server.received).toEqual([])
  })

  test('of nothing asks nothing', async () => {
    const server = await loopback(() => ({}))
    expect(await exchangeSource(server.url).source.probeMailboxes([])).toEqual(new Map())
    expect(server.received).toEqual([])
  })
})

describe('a recipient by name', () => {
  const recipient = {
    ExternalDirectoryObjectId: 'A1B2',
    RecipientTypeDetails: 'MailUniversalSecurityGroup',
  }

  test.each<[string, Reply, object]>([
    [
      'one row',
      { body: page([recipient]) },
      { status: 'found', identifier: 'a1b2', recipientTypeDetails: 'MailUniversalSecurityGroup' },
    ],
    [
      'one row without identifier',
      { body: page([{ ...recipient, ExternalDirectoryObjectId: '' }]) },
      { status: 'found', identifier: null },
    ],
    ['a definite not-found', notFound, { status: 'absent' }],
    ['two rows', { body: page([recipient, recipient]) }, { status: 'unknown' }],
    ['no row', { body: page([]) }, { status: 'unknown' }],
    [
      'a row without type',
      { body: page([{ ExternalDirectoryObjectId: 'A1' }]) },
      { status: 'unknown' },
    ],
    [
      'a row with more to come',
      { body: page([recipient], 'https://outlook.office365.com/more') },
      { status: 'unknown' },
    ],
    [
      'an ambiguous name',
      ambiguous,
      { status: 'unknown', reason: expect.stringMatching(/HTTP 400/) },
    ],
    [
      'another definite error',
      failure(400, 'System.Management.Automation.ParameterTransformationException', 'x'),
      { status: 'unknown' },
    ],
  ])('%s', async (_, reply, expected) => {
    const server = await loopback(() => reply)
    expect(await exchangeSource(server.url).source.findRecipient('Reception Team')).toMatchObject(
      expected,
    )
    expect(server.received.map(cmdletOf)).toEqual([
      { name: 'Get-Recipient', parameters: { Identity: 'Reception Team' } },
    ])
  })
})
