import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aTenantMailbox, sampleId } from '../tenant/sample-tenant.ts'
import { exchangeFaults, transient } from './exchange/errors.ts'
import type { Microsoft365 } from './microsoft365.ts'
import { adminApi, exchangeHeaders, invoke, send, startSample } from './wire.ts'

let simulator: Microsoft365
beforeEach(async () => {
  simulator = await startSample()
})
afterEach(() => simulator.close())

const select = (columns: string) => ({ url: `${adminApi(simulator)}?$select=${columns}` })
const permissions = (identity: unknown, more: object = {}) =>
  invoke(simulator, 'Get-MailboxPermission', { Identity: identity, ...more })

describe('Get-Mailbox', () => {
  test('rows have the keys, side-cars and traps of the reference', async () => {
    const { status, headers, json } = await invoke(simulator, 'Get-Mailbox', {
      ResultSize: 'Unlimited',
    })
    expect([status, headers.get('odata-version')]).toEqual([200, '4.0'])
    expect(headers.get('content-type')).toContain('odata.streaming=true')
    expect(json).toMatchObject({
      '@odata.context': `https://outlook.office365.com/adminapi/beta/${simulator.tenant.id}/$metadata#Collection(Exchange.GenericHashTable)`,
      'adminapi.warnings@odata.type': '#Collection(String)',
      '@adminapi.warnings': [],
    })
    expect(json).not.toHaveProperty('@odata.nextLink')
    expect(json.value).toHaveLength(5)
    expect(json.value?.[0]).toMatchObject({
      ExternalDirectoryObjectId: 'a0000000-0000-4000-8000-000000000001',
      'ExchangeGuid@data.type': 'System.Guid',
      'ExchangeGuid@odata.type': '#Guid',
      ExchangeGuid: 'e0000000-0000-4000-8000-000000000001',
      Identity: 'a0000000-0000-4000-8000-000000000001',
      DisplayName: 'Jan de Vries',
      'EmailAddresses@odata.type': '#Collection(String)',
      RecipientType: 'UserMailbox',
      AccountDisabled: false,
      'WhenChangedUTC@data.type': 'System.DateTime',
      WhenChangedUTC: '2026-04-10T08:56:22.0000000Z',
      'LastUsedDate(DateTime])': null,
    })
    expect(json.value?.[4]).toMatchObject({
      ExternalDirectoryObjectId: '',
      RecipientTypeDetails: 'DiscoveryMailbox',
    })
  })

  test('$select reduces the columns', async () => {
    const { json } = await invoke(simulator, 'Get-Mailbox', {}, select('Guid,Alias,IsShared'))
    expect(json.value?.[1]).toEqual({
      'Guid@data.type': 'System.Guid',
      'Guid@odata.type': '#Guid',
      Guid: 'd0000000-0000-4000-8000-000000000002',
      Alias: 'reception',
      IsShared: true,
    })
  })

  test.each([
    ['the identifier', 'A0000000-0000-4000-8000-000000000002'],
    ['ExchangeGuid', 'e0000000-0000-4000-8000-000000000002'],
    ['a secondary address', 'Balie@fabrikam.example'],
    ['the name', 'reception'],
  ])('-Identity takes %s', async (_what, Identity) => {
    const { json } = await invoke(simulator, 'Get-Mailbox', { Identity })
    expect(json.value?.map((row) => row['PrimarySmtpAddress'])).toEqual([
      'reception@fabrikam.example',
    ])
  })

  test('an empty -Identity means every mailbox: the trap of the reference', async () => {
    expect((await invoke(simulator, 'Get-Mailbox', { Identity: '' })).json.value).toHaveLength(5)
  })

  test('partitions by type and by creation date divide the mailboxes', async () => {
    simulator.tenant.mailbox('left.employee@fabrikam.example').whenMailboxCreated =
      '2019-06-01T00:00:00.000Z'
    const aliases = async (parameters: object) =>
      (await invoke(simulator, 'Get-Mailbox', parameters)).json.value?.map((row) => row['Alias'])
    expect(await aliases({ RecipientTypeDetails: ['SharedMailbox', 'RoomMailbox'] })).toEqual([
      'reception',
      'room101',
    ])
    const users = { RecipientTypeDetails: 'UserMailbox' }
    const before = "WhenMailboxCreated -lt '2020-01-01T00:00:00Z'"
    expect(await aliases({ ...users, Filter: before })).toEqual(['left.employee'])
    const from = "{(WhenMailboxCreated -ge '01/01/2020 00:00:00') -and -not (Alias -like 'r*')}"
    expect(await aliases({ ...users, Filter: from })).toEqual(['j.devries'])
  })

  test('soft-deleted mailboxes are listed only when asked for', async () => {
    const gone = simulator.tenant.mailbox('room101')
    simulator.tenant.removeMailbox(gone)
    simulator.tenant.softDeleted.set(gone.exchangeGuid, gone)
    expect((await invoke(simulator, 'Get-Mailbox')).json.value).toHaveLength(4)
    const { json } = await invoke(simulator, 'Get-Mailbox', { SoftDeletedMailbox: true })
    expect(json.value).toMatchObject([{ Alias: 'room101', WhenSoftDeleted: expect.any(String) }])
  })

  test('a bad filter, a bad type and an unknown parameter are refused with the exception in the details', async () => {
    const refused = async (parameters: object) => {
      const { status, text } = await invoke(simulator, 'Get-Mailbox', parameters)
      expect(status).toBe(400)
      return text
    }
    expect(await refused({ Filter: "Shoe -eq '44'" })).toContain(
      'not a recognized filterable property',
    )
    expect(await refused({ Filter: "WhenMailboxCreated -ge 'soon'" })).toContain(
      'ParameterTransformationException',
    )
    expect(await refused({ RecipientTypeDetails: 'Shoe' })).toContain(
      'ParameterTransformationException',
    )
    expect(await refused({ Bogus: 1 })).toContain(
      '|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|',
    )
  })
})

describe('Get-MailboxPermission', () => {
  test('gives SELF twice, joined rights, a group by its name, an orphan as a SID, inherited and deny', async () => {
    const { json } = await permissions('reception@fabrikam.example')
    expect(json.value).toMatchObject([
      {
        User: 'NT AUTHORITY\\SELF',
        UserSid: 'S-1-5-10',
        AccessRights: ['FullAccess, ReadPermission'],
      },
      {
        User: 'NT AUTHORITY\\SELF',
        UserSid: 'S-1-5-10',
        AccessRights: ['FullAccess, ExternalAccount, ReadPermission'],
      },
      {
        Identity: 'Reception',
        User: 'j.devries@fabrikam.example',
        UserSid: 'S-1-5-21-1111111111-2222222222-3333333333-1001',
        PrimarySmtpAddress: '',
        'AccessRights@odata.type': '#Collection(String)',
        AccessRights: ['FullAccess'],
        Deny: false,
        IsInherited: false,
        InheritanceType: 'All',
      },
      { User: 'Reception Team' },
      {
        User: 'S-1-5-21-1111111111-2222222222-3333333333-1777',
        UserSid: 'S-1-5-21-1111111111-2222222222-3333333333-1777',
      },
      { User: 'EURPR01A001\\Organization Management', Deny: true, IsInherited: true },
    ])
  })

  test('orphans can be left out unless they are asked for, as since 2022', async () => {
    simulator.settings.exchange.orphans = 'on_request'
    expect((await permissions('reception')).json.value).toHaveLength(5)
    const all = await permissions('reception', { IncludeUnresolvedPermissions: true })
    expect(all.json.value).toHaveLength(6)
  })

  test('without Identity it is an invalid operation, never everything', async () => {
    const answers = await Promise.all([permissions(undefined), permissions(null), permissions('')])
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
    expect(answers[0]?.json).toMatchObject({ error: { message: 'Invalid Operation' } })
  })

  test.each([404, 400, 500] as const)(
    'an unknown mailbox is told by type in a %i',
    async (status) => {
      simulator.settings.exchange.notFoundStatus = status
      const answer = await permissions('nobody@fabrikam.example')
      expect([answer.status, answer.headers.get('x-exceptiontype')]).toEqual([
        status,
        'ManagementObjectNotFoundException',
      ])
      expect(answer.json).toMatchObject({
        error: {
          details: [
            {
              message: expect.stringMatching(
                /^Ex6F9304\|Microsoft\.Exchange\.Configuration\.Tasks\.ManagementObjectNotFoundException\|The operation couldn't be performed because object 'nobody@fabrikam\.example' couldn't be found on/,
              ),
            },
          ],
          innererror: {
            internalexception: { message: expect.stringContaining("couldn't be found") },
          },
          '@adminapi.warnings': [],
        },
      })
    },
  )

  test('a name of two mailboxes is ambiguous', async () => {
    const twin = aTenantMailbox(9, 'reception2@fabrikam.example', { displayName: 'Reception' })
    simulator.tenant.addMailbox(twin)
    const { status, text } = await permissions('Reception')
    expect(status).toBe(400)
    expect(text).toContain("'Reception' matches multiple entries.")
    expect((await permissions(twin.exchangeGuid)).status).toBe(200)
  })

  test('no rows can be an empty list, null, or nothing at all; one row can come without a list', async () => {
    const { exchange } = simulator.settings
    const nobody = () => permissions('room101', { User: 'nobody' })
    expect((await nobody()).json).toMatchObject({ value: [] })
    exchange.noRows = 'null'
    expect((await nobody()).json).toMatchObject({ value: null })
    exchange.noRows = 'missing'
    expect((await nobody()).json).not.toHaveProperty('value')
    exchange.singleRowAsObject = true
    exchange.booleansAsText = true
    const { json } = await invoke(simulator, 'Get-Mailbox', { Identity: 'room101' })
    expect(json).toMatchObject({ value: { Alias: 'room101', AccountDisabled: 'True' } })
  })
})

describe('Get-Recipient', () => {
  test.each([
    ['a mailbox', 'room101', { RecipientTypeDetails: 'RoomMailbox' }],
    [
      'a group',
      'Reception Team',
      {
        RecipientTypeDetails: 'MailUniversalSecurityGroup',
        ExternalDirectoryObjectId: sampleId('9', 3),
      },
    ],
    ['a Microsoft 365 group', 'Project X', { RecipientTypeDetails: 'GroupMailbox' }],
    ['a contact', 'partner@contoso.example', { RecipientTypeDetails: 'MailContact' }],
  ])('finds %s', async (_what, Identity, row) => {
    const { json } = await invoke(simulator, 'Get-Recipient', { Identity })
    expect(json.value).toMatchObject([row])
  })

  test('a group without mail is no recipient', async () => {
    expect((await invoke(simulator, 'Get-Recipient', { Identity: 'SG VPN' })).status).toBe(404)
  })
})

describe('rights', () => {
  test('without the app role: 401 that names the cmdlet; without the directory role: 403 of NUL bytes', async () => {
    const { rights } = simulator.settings
    rights.appRole = false
    const noAppRole = await invoke(simulator, 'Get-Mailbox')
    expect([noAppRole.status, noAppRole.json]).toMatchObject([
      401,
      { error: { code: 'Unauthorized', message: 'User is not allowed to call Get-Mailbox' } },
    ])
    rights.appRole = true
    for (const role of [null, 'Security Reader']) {
      rights.directoryRole = role
      const answer = await invoke(simulator, 'Get-Mailbox')
      expect([answer.status, answer.text]).toEqual([403, '\0'.repeat(4096)])
    }
    rights.directoryRole = 'Global Reader'
    expect((await invoke(simulator, 'Get-Mailbox')).status).toBe(200)
  })

  test('the 403 may claim to be gzip: its status is known, its body cannot be read', async () => {
    simulator.settings.rights.directoryRole = null
    simulator.settings.exchange.forbiddenBody = 'gzip'
    const answer = await fetch(adminApi(simulator), {
      method: 'POST',
      headers: exchangeHeaders(simulator),
      body: JSON.stringify({ CmdletInput: { CmdletName: 'Get-Mailbox', Parameters: {} } }),
    })
    expect(answer.status).toBe(403)
    await expect(answer.text()).rejects.toThrow('terminated')
  })

  test('a cmdlet that the role does not hold looks the same', async () => {
    expect((await invoke(simulator, 'Get-Shoe')).status).toBe(403)
  })

  test('EXOModuleFile tells which cmdlets are granted', async () => {
    const url = `${adminApi(simulator, 'EXOModuleFile', 'v1.0')}?Version=3.9.2`
    const headers = { ...exchangeHeaders(simulator), CommandName: '*' }
    const { json } = await send(url, { headers })
    expect(json.value).toEqual([
      { exportedCmdlets: 'Get-Mailbox,Get-MailboxPermission,Get-Recipient' },
    ])
    simulator.settings.rights.directoryRole = null
    expect((await send(url, { headers })).status).toBe(403)
  })
})

test('InvokeCommand is POST below beta only, and its body must be right to the letter', async () => {
  const statusOf = async (url: string, method: string, body: unknown) => {
    const text = method === 'GET' ? null : JSON.stringify(body)
    return (await send(url, { method, headers: exchangeHeaders(simulator), body: text })).status
  }
  const good = { CmdletInput: { CmdletName: 'Get-Mailbox', Parameters: {} } }
  expect(await statusOf(adminApi(simulator), 'GET', good)).toBe(405)
  expect(await statusOf(adminApi(simulator, 'InvokeCommand', 'v1.0'), 'POST', good)).toBe(405)
  expect(await statusOf(adminApi(simulator), 'POST', { cmdletInput: good.CmdletInput })).toBe(400)
  const noParameters = { CmdletInput: { CmdletName: 'Get-Mailbox', Parameters: null } }
  expect(await statusOf(adminApi(simulator), 'POST', noParameters)).toBe(400)
})

test('too many cmdlets at once are refused in plain text, and the most there were is known', async () => {
  simulator.settings.exchange.concurrencyCap = 2
  simulator.cmdletLatency.set(60)
  const answers = await Promise.all(Array.from({ length: 4 }, () => permissions('room101')))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.map(({ text }) => text)).toEqual(
    Array.from(
      { length: 2 },
      () =>
        'You have reached the maximum number of concurrent requests per tenant. Please wait and try again.',
    ),
  )
  expect(refused[0]?.headers.get('content-type')).toContain('text/plain')
  expect(simulator.cmdletLoad).toMatchObject({ maxRunning: 2, refused: 2 })
})

test('a call can be sent to a region by a 302; there it is answered', async () => {
  simulator.settings.exchange.redirect = 'regional'
  const answer = await invoke(simulator, 'Get-Mailbox', {}, select('Alias'))
  const location = answer.headers.get('location') ?? ''
  expect([answer.status, location]).toEqual([302, expect.stringContaining('/exo-eur/adminapi/')])
  const followed = await invoke(simulator, 'Get-Mailbox', {}, { url: location })
  expect(followed.json.value?.[0]).toEqual({ Alias: 'j.devries' })
})

test("Exchange's own troubles can be set for one cmdlet or one mailbox", async () => {
  const { faults } = simulator
  faults.once({ tags: { cmdlet: 'Get-Mailbox' } }, exchangeFaults.error(transient(400)))
  const busy = await invoke(simulator, 'Get-Mailbox')
  expect([busy.status, busy.text]).toEqual([400, expect.stringContaining('ServerBusyException')])
  faults.once(
    { tags: { identity: 'ROOM101' } },
    exchangeFaults.error(transient(500), 'json_details'),
  )
  expect((await permissions('reception')).status).toBe(200)
  const other = await permissions('room101')
  expect([other.status, other.text]).toEqual([500, expect.stringContaining('\\"TypeName\\"')])
  expect((await permissions('room101')).status).toBe(200)
})

test('rate limit headers come only where they are switched on', async () => {
  expect((await permissions('room101')).headers.has('rate-limit-remaining')).toBe(false)
  simulator.settings.exchange.rateLimitHeaders = true
  expect((await permissions('room101')).headers.get('rate-limit-limit')).toBe('30000')
})
