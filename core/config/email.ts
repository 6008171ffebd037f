import { type SettingValues, variableOf } from './definitions.ts'
import { invalid, type SettingsFault } from './faults.ts'

/** How and to whom the report is mailed, through Azure Communication Services. */
export interface EmailSettings {
  readonly transport:
    | { readonly kind: 'endpoint'; readonly endpoint: string }
    | { readonly kind: 'connectionString'; readonly connectionString: string }
  readonly sender: string
  readonly recipients: readonly string[]
}

type EmailValues = {
  readonly [K in 'emailEndpoint' | 'emailConnectionString' | 'emailSender' | 'emailRecipients']?:
    | SettingValues[K]
    | undefined
}

/** The mail settings when they are complete; a connection string goes before an endpoint. */
export function emailSettings(values: EmailValues): EmailSettings | null {
  const transport = transportOf(values)
  const { emailSender: sender, emailRecipients: recipients = [] } = values
  if (transport === null || !sender || recipients.length === 0) return null
  return { transport, sender, recipients }
}

function transportOf(values: EmailValues): EmailSettings['transport'] | null {
  const { emailConnectionString: connectionString, emailEndpoint: endpoint } = values
  if (connectionString) return { kind: 'connectionString', connectionString }
  return endpoint ? { kind: 'endpoint', endpoint } : null
}

/** With a mail service, a sender and recipients are needed: an administrator who set one up expects mail. */
export function emailFaults(values: EmailValues): SettingsFault[] {
  if (transportOf(values) === null) return []
  const message = 'is required when mail is sent'
  return [
    ...(values.emailSender === null ? [invalid(variableOf('emailSender'), message)] : []),
    ...(values.emailRecipients?.length === 0
      ? [invalid(variableOf('emailRecipients'), message)]
      : []),
  ]
}

/**
 * Recipients without a mail service stop nothing: runs go on and say that no mail was sent. So does a second way to
 * the mail service.
 */
export function emailWarnings(values: SettingValues): { name: string; message: string }[] {
  if (transportOf(values) === null) {
    if (values.emailSender === null && values.emailRecipients.length === 0) return []
    const message = `is not set: a sender or recipients are, but no mail can be sent without it or ${variableOf('emailConnectionString')}`
    return [{ name: variableOf('emailEndpoint'), message }]
  }
  if (values.emailConnectionString === null || values.emailEndpoint === null) return []
  const message = `is not used, because ${variableOf('emailConnectionString')} is set too`
  return [{ name: variableOf('emailEndpoint'), message }]
}
