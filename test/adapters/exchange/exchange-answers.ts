import { createExchangeMailboxSource } from '../../../core/adapters/exchange/exchange-mailbox-source.ts'
import type { MailboxSource } from '../../../core/ports.ts'
import { adapterOptions } from '../http/adapter-options.ts'
import type { Received, Reply } from '../http/loopback.ts'

export const tenantId = '11111111-2222-4333-8444-555555555555'

/** The port on a server, with everything that its tests look at. */
export function exchangeSource(
  url: string,
  concurrency = 4,
): { source: MailboxSource } & ReturnType<typeof adapterOptions> {
  const options = adapterOptions()
  const source = createExchangeMailboxSource({
    ...options,
    baseUrl: url,
    tenantId,
    concurrency,
    clientVersion: '1.2.3',
  })
  return { source, ...options }
}

export const exchangeGuid = (number: number) =>
  `e0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
export const identifier = (number: number) =>
  `a0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`

/** A row of `Get-Mailbox`; side-car keys and unknown columns included. */
export function mailboxRow(number: number, given: Readonly<Record<string, unknown>> = {}) {
  const address = `user${number}@contoso.example`
  return {
    ExternalDirectoryObjectId: identifier(number),
    'ExchangeGuid@data.type': 'System.Guid',
    'ExchangeGuid@odata.type': '#Guid',
    ExchangeGuid: exchangeGuid(number),
    Identity: identifier(number),
    Id: identifier(number),
    Name: identifier(number),
    Alias: `user${number}`,
    DisplayName: `User ${number}`,
    PrimarySmtpAddress: address,
    'EmailAddresses@odata.type': '#Collection(String)',
    EmailAddresses: [`SMTP:${address}`],
    UserPrincipalName: address,
    RecipientType: 'UserMailbox',
    RecipientTypeDetails: 'UserMailbox',
    AccountDisabled: false,
    'LastUsedDate(DateTime])': 'odd',
    ...given,
  }
}

export function mailboxRows(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, index) => mailboxRow(from + index))
}

/** A row of `Get-MailboxPermission`. */
export function permissionRow(user: string, given: Readonly<Record<string, unknown>> = {}) {
  return {
    Identity: 'Reception',
    User: user,
    UserSid: `S-1-5-21-1-2-3-${user.length}`,
    PrimarySmtpAddress: '',
    'AccessRights@odata.type': '#Collection(String)',
    AccessRights: ['FullAccess'],
    Deny: false,
    IsInherited: false,
    InheritanceType: 'All',
    ...given,
  }
}

/** A 2xx answer of `InvokeCommand`. */
export function page(rows: unknown, nextLink?: string, warnings: readonly string[] = []) {
  return {
    '@odata.context':
      'https://outlook.office365.com/$metadata#Collection(Exchange.GenericHashTable)',
    ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }),
    'adminapi.warnings@odata.type': '#Collection(String)',
    '@adminapi.warnings': warnings,
    value: rows,
  }
}

export const truncated =
  'There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.'

/** An error envelope (reference 8.3). */
export function failure(status: number, type: string, message: string): Reply & { body: object } {
  return {
    status,
    body: {
      error: {
        code: 'BadRequest',
        message: 'Error executing cmdlet',
        details: [{ code: 'Context', target: '', message: `Ex6F9304|${type}|${message}` }],
        innererror: {
          message: 'Error executing cmdlet',
          type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
          stacktrace: '',
          internalexception: { message, type, stacktrace: '' },
        },
        'adminapi.warnings@odata.type': '#Collection(String)',
        '@adminapi.warnings': [],
      },
    },
  }
}

export const notFound = failure(
  404,
  'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
  "The operation couldn't be performed because object 'x' couldn't be found on 'DC'.",
)
export const refusedCursor = failure(
  400,
  'System.Exception',
  'Expired or Invalid pagination request. Default Expiry time is 00:30:00',
)
export const tooManyConcurrent =
  'You have reached the maximum number of concurrent requests per tenant. Please wait and try again.'

/** The cmdlet that a request runs. */
export function cmdletOf({ text }: Pick<Received, 'text'>) {
  const body = JSON.parse(text) as {
    CmdletInput: { CmdletName: string; Parameters: Record<string, unknown> }
  }
  return { name: body.CmdletInput.CmdletName, parameters: body.CmdletInput.Parameters }
}

export interface BatchRequest {
  readonly id: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: { CmdletInput: { CmdletName: string; Parameters: Record<string, unknown> } }
}

/** The requests inside a `$batch`. */
export function batchOf({ text }: Pick<Received, 'text'>): readonly BatchRequest[] {
  return (JSON.parse(text) as { requests: BatchRequest[] }).requests
}

export const isBatch = ({ path }: Pick<Received, 'path'>) => path.endsWith('/$batch')
