/** Who was called. `identity`: the managed identity, for a token. */
export type Upstream = 'exchange' | 'graph' | 'zivver' | 'mail' | 'identity'

/** One request that left, answered or not. Holds no address, no token, no query. */
export interface CallRecord {
  readonly upstream: Upstream
  /** What was asked, without any value: `Get-MailboxPermission`, `$batch of 4`, `GET /groups/{id}/members`, `PUT /Users/{id}`. */
  readonly operation: string
  /** HTTP status; `null` = no answer came (connection, deadline, refused redirect). */
  readonly status: number | null
  /** Connect to last byte. */
  readonly durationMs: number
  /** The upstream's own id of the request where it gives one, else the one that we sent; `null` = neither. */
  readonly requestId: string | null
  /** 1 for the first try. */
  readonly attempt: number
}

/** A pause before the next request. */
export interface WaitRecord {
  readonly upstream: Upstream
  readonly seconds: number
  /** Completes the sentence "waiting 7 s for …": `Zivver's rate limit`, `Exchange Online to answer again`. */
  readonly reason: string
}

/**
 * Sees every call and every wait of the adapters: the run counts calls, logs them at DEBUG and shows what it waits
 * for. An observer must not throw; what it does must be quick.
 */
export interface CallObserver {
  onCall(call: CallRecord): void
  onWait(wait: WaitRecord): void
}
