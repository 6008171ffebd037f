import type { TenantMailbox } from '../../simulators/tenant/model.ts'
import { urns } from '../../simulators/zivver/payloads.ts'

const isShared = ({ recipientTypeDetails }: TenantMailbox): boolean =>
  recipientTypeDetails === 'SharedMailbox'

export function endpointOf(mailbox: TenantMailbox): '/Users' | '/Groups' {
  return isShared(mailbox) ? '/Groups' : '/Users'
}

/** The query that finds an account by its address (RFC 7644, section 3.4.2.2). */
export function addressFilter(mailbox: TenantMailbox): string {
  const attribute = isShared(mailbox) ? 'externalId' : 'userName'
  const filter = `${attribute} eq "${mailbox.primarySmtpAddress}"`
  return `?filter=${encodeURIComponent(filter)}`
}

/** The least that creates an account. */
export function createBody(mailbox: TenantMailbox): object {
  const { primarySmtpAddress, displayName } = mailbox
  return isShared(mailbox)
    ? { schemas: [urns.group], externalId: primarySmtpAddress, displayName }
    : { schemas: [urns.user], userName: primarySmtpAddress, name: { formatted: displayName } }
}
