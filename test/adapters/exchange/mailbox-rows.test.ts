import { describe, expect, test } from 'vitest'
import { toMailbox } from '../../../core/adapters/exchange/mailbox-rows.ts'
import { mailboxRow as parseRow } from '../../../core/adapters/exchange/payloads.ts'
import { exchangeGuid, identifier, mailboxRow } from './exchange-answers.ts'

const read = (given: Record<string, unknown>) => toMailbox(parseRow.parse(mailboxRow(1, given)))

function mailboxOf(given: Record<string, unknown>) {
  const reading = read(given)
  if (reading.status === 'unusable') throw new Error(`unusable: ${reading.column}`)
  return reading.mailbox
}

test('a row becomes a mailbox in the form that everything is compared in', () => {
  const given = {
    ExternalDirectoryObjectId: identifier(0xab).toUpperCase(),
    ExchangeGuid: exchangeGuid(0xcd).toUpperCase(),
    PrimarySmtpAddress: 'J.deVries@Fabrikam.example',
    EmailAddresses: [
      'smtp:Jan@fabrikam.example',
      'SIP:j.devries@fabrikam.example',
      'SPO:SPO_9a9a@SPO_1111',
      'X500:/o=ExchangeLabs/cn=x@y',
      'SMTP:J.deVries@fabrikam.example',
      'smtp:jan@Fabrikam.example',
      'SMTP:also.upper@fabrikam.example',
      'smtp:not an address',
    ],
    DisplayName: ' Jan de Vries ',
    Name: 'Vries, Jan de',
    Identity: 'Jan de Vries',
    Id: 'fabrikam/Jan de Vries',
    Alias: 'J.deVries',
    UserPrincipalName: 'jdv@fabrikam.example',
    AccountDisabled: 'True',
  }
  expect(mailboxOf(given)).toEqual({
    identifier: identifier(0xab),
    exchangeGuid: exchangeGuid(0xcd),
    recipientTypeDetails: 'UserMailbox',
    displayName: ' Jan de Vries ',
    primarySmtpAddress: 'j.devries@fabrikam.example',
    secondarySmtpAddresses: ['also.upper@fabrikam.example', 'jan@fabrikam.example'],
    accountDisabled: true,
    names: ['jdv@fabrikam.example', 'vries, jan de', 'j.devries', 'fabrikam/jan de vries'],
  })
})

test('names that other columns say already are not kept a second time', () => {
  const given = {
    DisplayName: 'Jan de Vries',
    PrimarySmtpAddress: 'jan@contoso.example',
    EmailAddresses: ['SMTP:jan@contoso.example', 'smtp:jdv@contoso.example'],
    Name: identifier(1),
    Identity: identifier(1).toUpperCase(),
    Id: 'Jan de Vries ',
    Alias: 'jan',
  }
  const namesWith = (UserPrincipalName: string) => mailboxOf({ ...given, UserPrincipalName }).names
  expect(namesWith('Jan@contoso.example')).toEqual(['jan'])
  expect(namesWith('JDV@contoso.example')).toEqual(['jan'])
})

test('the upper-case proxy is the primary address where the column is empty', () => {
  const given = {
    PrimarySmtpAddress: '',
    EmailAddresses: ['smtp:b@contoso.example', 'SMTP:A@contoso.example'],
  }
  expect(mailboxOf(given)).toMatchObject({
    primarySmtpAddress: 'a@contoso.example',
    secondarySmtpAddresses: ['b@contoso.example'],
  })
})

test.each([
  ['a system mailbox has no identifier', { ExternalDirectoryObjectId: '' }, { identifier: null }],
  [
    'a single proxy address is a list of one',
    { EmailAddresses: 'smtp:b@contoso.example' },
    { secondarySmtpAddresses: ['b@contoso.example'] },
  ],
  [
    'a shared mailbox needs no AccountDisabled',
    { RecipientTypeDetails: 'SharedMailbox', AccountDisabled: undefined },
    { accountDisabled: false },
  ],
  ['booleans may be text', { AccountDisabled: 'false' }, { accountDisabled: false }],
  [
    'a type that is not synchronised needs no address',
    { RecipientTypeDetails: 'DiscoveryMailbox', PrimarySmtpAddress: '', EmailAddresses: null },
    { primarySmtpAddress: '', secondarySmtpAddresses: [] },
  ],
  [
    'a type that is not synchronised is known by any stable name',
    {
      RecipientTypeDetails: 'RoomMailbox',
      ExchangeGuid: '00000000-0000-0000-0000-000000000000',
      Guid: '',
      ExternalDirectoryObjectId: 'X-1',
    },
    { exchangeGuid: 'x-1' },
  ],
])('%s', (_, given, expected) => {
  expect(mailboxOf(given)).toMatchObject(expected)
})

describe('a listing is not complete with a row', () => {
  test.each([
    ['without type', { RecipientTypeDetails: '' }, 'RecipientTypeDetails'],
    ['without ExchangeGuid', { ExchangeGuid: undefined }, 'ExchangeGuid'],
    [
      'whose ExchangeGuid stands for none',
      { ExchangeGuid: '00000000-0000-0000-0000-000000000000' },
      'ExchangeGuid',
    ],
    ['whose ExchangeGuid is none', { ExchangeGuid: 'Jan' }, 'ExchangeGuid'],
    [
      'without primary address',
      { PrimarySmtpAddress: '', EmailAddresses: ['smtp:a@contoso.example'] },
      'PrimarySmtpAddress',
    ],
    [
      'whose proxy addresses are missing: aliases would be taken away',
      { EmailAddresses: null },
      'EmailAddresses',
    ],
    [
      'of a user that does not say whether it is disabled',
      { AccountDisabled: undefined },
      'AccountDisabled',
    ],
    [
      'of a user whose AccountDisabled is neither',
      { AccountDisabled: 'perhaps' },
      'AccountDisabled',
    ],
    [
      'of another type without any name',
      {
        RecipientTypeDetails: 'RoomMailbox',
        ExchangeGuid: '',
        Guid: '',
        ExternalDirectoryObjectId: '',
        Identity: '',
        Name: '',
      },
      'ExchangeGuid',
    ],
  ])('%s', (_, given, column) => {
    expect(read(given)).toEqual({ status: 'unusable', column })
  })
})
