import { describe, expect, test } from 'vitest'
import { aMailbox, anAccount, aRow, guid, type SnapshotParts } from '../support/build.ts'
import { apply, changesOf, NotingWriter } from './noting-writer.ts'

const anna = 'anna@contoso.example'
const bob = 'bob@contoso.example'
const info = 'info@contoso.example'

describe('a user who is renamed while somebody names them as a delegate', () => {
  const robert = 'robert@contoso.example'
  const parts: SnapshotParts = {
    mailboxes: [
      aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
      aMailbox({ identifier: guid(2), primarySmtpAddress: robert, displayName: 'bob' }),
    ],
    accounts: [
      anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) }),
      anAccount({ scimId: 'B', address: bob, externalAccountId: guid(2) }),
    ],
    mappings: [
      aRow({ key: guid(1), scimId: 'A', address: anna }),
      aRow({ key: guid(2), scimId: 'B', address: bob }),
    ],
    delegates: { [guid(1)]: { delegates: [guid(2)] } },
  }

  test('has one address at a time: the two writes are never under way together', async () => {
    const writer = new NotingWriter()
    await apply(changesOf(parts), writer)
    const [first, second] = [`A delegates ${bob}`, `B ${robert}`]
    expect(writer.notes).toEqual([`> ${first}`, `< ${first}`, `> ${second}`, `< ${second}`])
  })

  test('is named by the parking address where a run goes on after a crash in between', async () => {
    const parked = 'cloudsync-00000002@contoso.example'
    const writer = new NotingWriter()
    const [annas, bobs] = changesOf(parts)
    const [step] = bobs?.work.steps ?? []
    if (annas === undefined || bobs === undefined || step === undefined) throw new Error('two')
    const park = { ...step, purpose: 'park', write: { address: parked } } as const
    const half = { ...bobs, stepsDone: 1, work: { ...bobs.work, steps: [park, step] } }
    await apply([annas, half], writer)
    expect(writer.sent[0]).toBe(`A delegates ${parked}`)
  })
})

/** A functional account with Anna as its member; what else its mailbox wishes is given. */
function functional(parts: SnapshotParts, aliases: readonly string[] = []): SnapshotParts {
  return {
    mailboxes: [
      aMailbox({
        identifier: guid(1),
        primarySmtpAddress: info,
        recipientTypeDetails: 'SharedMailbox',
        secondarySmtpAddresses: aliases,
      }),
      aMailbox({ identifier: guid(3), primarySmtpAddress: anna }),
      ...(parts.mailboxes ?? []),
    ],
    accounts: [
      anAccount({
        kind: 'functional',
        scimId: 'G',
        address: info,
        externalAccountId: guid(1),
        delegates: ['A'],
      }),
      anAccount({ scimId: 'A', address: anna, externalAccountId: guid(3) }),
    ],
    mappings: [
      aRow({ key: guid(1), scimId: 'G', address: info, kind: 'functional' }),
      aRow({ key: guid(3), scimId: 'A', address: anna }),
    ],
    delegates: parts.delegates ?? {},
  }
}

test('a delegate whose account could not be made is left out, and the rest is written', async () => {
  const writer = new NotingWriter(({ address }) =>
    address === bob ? { code: 'WRITE_REJECTED', aliasHint: null } : null,
  )
  const { changes } = await apply(
    changesOf({
      mailboxes: [
        aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
        aMailbox({ identifier: guid(2), primarySmtpAddress: bob }),
        aMailbox({ identifier: guid(3), primarySmtpAddress: info }),
      ],
      accounts: [
        anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1) }),
        anAccount({ scimId: 'I', address: info, externalAccountId: guid(3) }),
      ],
      delegates: { [guid(1)]: { delegates: [guid(2), guid(3)] } },
    }),
    writer,
  )
  expect(writer.sent).toEqual([`create ${bob}`, `A delegates ${info}`])
  expect(changes.find(({ scimId }) => scimId === 'A')?.status).toBe('applied')
})

test('a suspension begins after everything else has ended', async () => {
  const writer = new NotingWriter()
  await apply(
    changesOf({
      mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: anna })],
      accounts: [anAccount({ scimId: 'B', address: bob })],
    }),
    writer,
  )
  expect(writer.notes.slice(0, 3)).toEqual([
    `> create ${anna}`,
    `< create ${anna}`,
    '> B delegates',
  ])
})

test('a group whose every new member could not be made is emptied of the old ones', async () => {
  const writer = new NotingWriter(({ address }) =>
    address === bob ? { code: 'WRITE_REJECTED', aliasHint: null } : null,
  )
  const { changes } = await apply(
    changesOf(
      functional({
        mailboxes: [aMailbox({ identifier: guid(2), primarySmtpAddress: bob })],
        delegates: { [guid(1)]: { delegates: [guid(2)] } },
      }),
    ),
    writer,
  )
  expect(writer.sent).toEqual([`create ${bob}`, 'G emptied'])
  expect(changes.map(({ action, status }) => [action, status])).toEqual([
    ['create', 'failed'],
    ['update', 'applied'],
  ])
})

test('an alias refused by the first write of two is remembered after the second', async () => {
  const guest = 'guest@contoso.example'
  const writer = new NotingWriter(({ extension }) =>
    extension?.aliases.includes(guest) ? { code: 'ALIAS_IS_GUEST', aliasHint: guest } : null,
  )
  const { rows } = await apply(changesOf(functional({}, [guest])), writer)
  expect(writer.sent).toEqual(['G delegates', 'G delegates', 'G emptied'])
  expect(rows.map(({ refusedAliases }) => refusedAliases)).toMatchObject([
    [{ address: guest, code: 'ALIAS_IS_GUEST' }],
  ])
})
