import { expect, test } from 'vitest'
import { judgeLookUp, type LookUp } from '../../core/source/look-up.ts'
import type { Resolution } from '../../core/source/trustees.ts'
import { aMailbox, guid } from '../support/build.ts'

const anna = aMailbox({ identifier: guid(1), primarySmtpAddress: 'anna@contoso.example' })

function inGraph(id: string, type: 'user' | 'group' | 'other'): LookUp {
  return { object: { id, type }, recipient: null }
}

function inExchange(recipientTypeDetails: string, identifier: string | null = guid(7)): LookUp {
  return { object: null, recipient: { status: 'found', identifier, recipientTypeDetails } }
}

function dropped(reason: 'no_user_mailbox' | 'cannot_log_in' | 'not_found'): Resolution {
  return { kind: 'dropped', reason }
}

const cases: readonly [string, LookUp, Resolution | { kind: 'unknown' }][] = [
  ['a listed mailbox', inGraph(guid(1), 'user'), { kind: 'mailbox', mailbox: anna }],
  ['a user without a mailbox', inGraph(guid(7), 'user'), dropped('no_user_mailbox')],
  ['a group', inGraph(guid(7), 'group'), { kind: 'group', id: guid(7) }],
  ['a contact', inGraph(guid(7), 'other'), dropped('cannot_log_in')],
  ['a listed recipient', inExchange('UserMailbox', guid(1)), { kind: 'mailbox', mailbox: anna }],
  ['a mail user', inExchange('MailUser'), dropped('no_user_mailbox')],
  ['a guest', inExchange('GuestMailUser'), dropped('no_user_mailbox')],
  ['a mailbox on premises', inExchange('RemoteUserMailbox'), dropped('no_user_mailbox')],
  ['a mail contact', inExchange('MailContact'), dropped('cannot_log_in')],
  ['a room', inExchange('RoomMailbox'), dropped('cannot_log_in')],
  ['a group by name', inExchange('MailUniversalSecurityGroup'), { kind: 'group', id: guid(7) }],
  [
    'a group that Graph cannot read',
    inExchange('DynamicDistributionGroup', null),
    { kind: 'unknown' },
  ],
  ['a mailbox newer than the list', inExchange('UserMailbox'), { kind: 'unknown' }],
  ['absent in both', { object: null, recipient: { status: 'absent' } }, dropped('not_found')],
  [
    'an ambiguous answer',
    { object: null, recipient: { status: 'unknown', reason: 'two rows' } },
    { kind: 'unknown', reason: 'two rows' },
  ],
  [
    'absent in Graph, Exchange not asked',
    { object: null, recipient: null },
    { kind: 'unresolved' },
  ],
]

test.each(cases)('a look-up that finds %s is judged', (_, lookUp, expected) => {
  const resolution = judgeLookUp(lookUp, (id) => (id === anna.identifier ? anna : undefined))
  expect(resolution).toMatchObject(expected)
})
