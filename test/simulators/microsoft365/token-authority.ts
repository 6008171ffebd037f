import type { Random } from '../shared/random.ts'
import type { Tenant } from '../tenant/tenant.ts'
import type { Rights, Settings } from './settings.ts'

/** Resources whose tokens this tenant understands. */
export const audiences = {
  exchange: 'https://outlook.office365.com',
  graph: 'https://graph.microsoft.com',
} as const
export type Audience = (typeof audiences)[keyof typeof audiences]

export interface IssuedToken {
  readonly token: string
  readonly audience: string
  /** Epoch seconds. */
  readonly expiresOn: number
  /** Rights at the time of issue. */
  readonly rights: Rights
}

/** Template ids of the directory roles that may read mailboxes. */
const roleTemplates: Readonly<Record<string, string>> = {
  'Global Reader': 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
  'Exchange Administrator': '29232cdf-9323-42fd-ade2-1d097af3e4de',
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
}

/** True for a directory role that may run `Get-Mailbox` (reference 2.3). */
export function mayReadMailboxes(rights: Rights): boolean {
  return rights.directoryRole !== null && rights.directoryRole in roleTemplates
}

/** Issues tokens to the managed identity and recognises them later. */
export class TokenAuthority {
  readonly clientId = '0f1e2d3c-0000-4000-8000-00000000c11e'
  readonly #tenant: Tenant
  readonly #settings: Settings
  readonly #random: Random
  readonly #byToken = new Map<string, IssuedToken>()
  readonly #current = new Map<string, IssuedToken>()

  constructor(tenant: Tenant, settings: Settings, random: Random) {
    this.#tenant = tenant
    this.#settings = settings
    this.#random = random
  }

  /** A token for an audience; the same one again while it is fresh, as the platform does (reference 2.1). */
  issue(audience: string): IssuedToken {
    const known = this.#current.get(audience)
    const now = Date.now() / 1000
    if (this.#settings.identity.reuseTokens && known !== undefined && known.expiresOn > now + 300) {
      return known
    }
    const expiresOn = Math.floor(now + this.#settings.identity.tokenLifetimeSeconds)
    const rights = { ...this.#settings.rights, graphRoles: [...this.#settings.rights.graphRoles] }
    const token = this.#write(audience, expiresOn)
    const issued = { token, audience, expiresOn, rights }
    this.#byToken.set(token, issued)
    this.#current.set(audience, issued)
    return issued
  }

  /** Every token so far is worthless from now on. */
  revokeAll(): void {
    this.#byToken.clear()
    this.#current.clear()
  }

  /** The rights behind an `Authorization` header for one service; `null` = 401. */
  rightsOf(authorization: string | undefined, audience: Audience): Rights | null {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
    const issued = this.#byToken.get(token)
    if (issued === undefined || issued.audience !== audience) return null
    if (issued.expiresOn <= Date.now() / 1000) return null
    return this.#settings.identity.rightsCountFrom === 'issue'
      ? issued.rights
      : this.#settings.rights
  }

  #write(audience: string, expiresOn: number): string {
    const host = new URL(audience).host
    if (this.#settings.identity.tokenFormat === 'opaque') {
      return `opaque.${host}.${this.#random.guid()}`
    }
    const claims = { ...this.#claims(audience), exp: expiresOn, iat: Math.floor(Date.now() / 1000) }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.${this.#random.guid()}`
  }

  #claims(audience: string): object {
    const { appRole, directoryRole, graphRoles } = this.#settings.rights
    const exchangeRoles = appRole ? ['Exchange.ManageAsApp'] : []
    const template = roleTemplates[directoryRole ?? '']
    return {
      aud: audience,
      tid: this.#tenant.id,
      appid: this.clientId,
      idtyp: 'app',
      roles: audience === audiences.exchange ? exchangeRoles : graphRoles,
      wids: template === undefined ? [] : [template],
    }
  }
}
