/** Bearer tokens for one upstream. A token is opaque: nothing is read from it. */
export interface TokenProvider {
  /**
   * A token that is believed to be good.
   * @throws SyncError `IDENTITY_UNAVAILABLE`
   */
  getToken(): Promise<string>
  /**
   * Says that the upstream refused this token with 401: the next `getToken` asks the identity anew. Several callers
   * may refuse the same token; only one new token is fetched.
   */
  invalidate(token: string): void
}
