import type { Account } from '../../core/model/account.ts'
import { type Complete, sealComplete } from '../../core/model/complete.ts'
import type { AccountKind } from '../../core/model/mailbox.ts'
import type { Warning } from '../../core/model/warning.ts'
import type { AccountTarget } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

/** A Zivver, reading, that keeps its accounts in memory. */
export class FakeAccountTarget implements AccountTarget {
  readonly calls: PortCalls
  accounts: readonly Account[] = []
  /** SCIM ids that exist but are missing from the lists. */
  hidden: ReadonlySet<string> = new Set()
  warnings: readonly Warning[] = []

  constructor(calls = new PortCalls()) {
    this.calls = calls
  }

  listAccounts(): Promise<{ accounts: Complete<Account>; warnings: readonly Warning[] }> {
    return this.calls.answer({ name: 'target.listAccounts', about: [] }, () => ({
      accounts: sealComplete(this.accounts.filter(({ scimId }) => !this.hidden.has(scimId))),
      warnings: this.warnings,
    }))
  }

  probeAccounts(
    accounts: readonly { readonly kind: AccountKind; readonly scimId: string }[],
  ): Promise<ReadonlyMap<string, 'present' | 'gone'>> {
    const about = accounts.map(({ scimId }) => scimId)
    return this.calls.answer({ name: 'target.probeAccounts', about }, () => {
      const existing = new Set(this.accounts.map(({ kind, scimId }) => `${kind} ${scimId}`))
      return new Map(
        accounts.map(({ kind, scimId }) => [
          scimId,
          existing.has(`${kind} ${scimId}`) ? 'present' : 'gone',
        ]),
      )
    })
  }
}
