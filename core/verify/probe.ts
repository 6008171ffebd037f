import type { GrantedRights } from '../health/rights.ts'

/** An answer as it came: nothing is repeated, followed or believed. */
export interface ProbeAnswer {
  /** `null` = no answer came. */
  readonly status: number | null
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** `undefined` = the body is no JSON. */
  readonly json: unknown
  readonly durationMs: number
}

/** How one cmdlet is asked; the app's own way, but for what a question is about. */
export interface ExchangeAsk {
  readonly cmdlet: 'Get-Mailbox' | 'Get-MailboxPermission'
  readonly parameters: Readonly<Record<string, unknown>>
  readonly select?: readonly string[]
  readonly pageSize?: number
  /** A next link: fetched by POST. */
  readonly link?: string
  /** Cookies of the page before; none = they are left out. */
  readonly cookie?: string
  /** `false`: without `X-AnchorMailbox`. */
  readonly anchor?: boolean
}

export interface ExchangeAnswer extends ProbeAnswer {
  /** Cookies that came with it, as they go back. */
  readonly cookie: string
}

/** The services of a customer's own tenant, asked one call at a time. */
export interface TenantProbe {
  rights(): Promise<GrantedRights>
  exchange(ask: ExchangeAsk): Promise<ExchangeAnswer>
  exchangeBatch(asks: readonly ExchangeAsk[]): Promise<ProbeAnswer>
  /** @param path below `/v1.0`, or a next link */
  graph(path: string): Promise<ProbeAnswer>
  /** @param path below the SCIM base URL; within the rate limit */
  zivver(method: 'GET' | 'PUT', path: string, body?: unknown): Promise<ProbeAnswer>
}
