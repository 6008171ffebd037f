import type { AccountWrite, DelegateRef, JournalChange } from '../model/change.ts'
import type { ResolvedWrite } from '../ports.ts'

/** What became of an account in this run so far: its SCIM id and its address now. */
interface LiveAccount {
  scimId: string | null
  address: string
  /** Created or reactivated by this run and not yet so. */
  isPending: boolean
}

/**
 * Turns references of delegates into what goes over the wire, from what was applied by then: a delegate that the run
 * creates has no SCIM id before, one that it renames has another address after.
 */
export class References {
  readonly #byIdentifier = new Map<string, LiveAccount>()
  readonly #byScimId = new Map<string, LiveAccount>()

  constructor(changes: Iterable<JournalChange>) {
    for (const change of changes) {
      const isNew = change.action === 'create' || change.action === 'reactivate'
      if (!isNew && !changesAddress(change)) continue
      const account: LiveAccount = {
        scimId: change.scimId,
        address: addressNow(change),
        isPending: isNew && change.status !== 'applied' && change.stepsDone === 0,
      }
      if (change.identifier !== null) this.#byIdentifier.set(change.identifier, account)
      if (change.scimId !== null) this.#byScimId.set(change.scimId, account)
    }
  }

  /** Takes note of a write that was made: the account exists, and has this address. */
  written(change: JournalChange, scimId: string, address: string | undefined): void {
    const account = this.#accountOf(change.identifier, change.scimId)
    if (account === undefined) return
    account.scimId = scimId
    account.isPending = false
    if (address !== undefined) account.address = address
    this.#byScimId.set(scimId, account)
  }

  /**
   * Resolves a write.
   * @returns the write for the wire, and the addresses of delegates that had to be left out because their own
   * account could not be created or reactivated
   */
  resolve(write: AccountWrite): { write: ResolvedWrite; leftOut: readonly string[] } {
    const leftOut: string[] = []
    const { extension, members, ...rest } = write
    const resolved: ResolvedWrite = {
      ...rest,
      ...(extension === undefined
        ? {}
        : {
            extension: {
              ...extension,
              delegates: this.#resolveEach(extension.delegates, leftOut, (account, ref) =>
                account === undefined ? ref.address : account.address,
              ),
            },
          }),
      ...(members === undefined
        ? {}
        : {
            members: this.#resolveEach(
              members,
              leftOut,
              (account, ref) => account?.scimId ?? ref.scimId,
            ),
          }),
    }
    return { write: resolved, leftOut }
  }

  #resolveEach(
    refs: readonly DelegateRef[],
    leftOut: string[],
    valueOf: (account: LiveAccount | undefined, ref: DelegateRef) => string | null,
  ): string[] {
    const values: string[] = []
    for (const ref of refs) {
      const account = this.#accountOf(ref.identifier, ref.scimId)
      const isMissing =
        account === undefined ? ref.scimId === null && ref.identifier !== null : account.isPending
      const value = isMissing ? null : valueOf(account, ref)
      if (value === null) leftOut.push(ref.address)
      else values.push(value)
    }
    return values
  }

  #accountOf(identifier: string | null, scimId: string | null): LiveAccount | undefined {
    const byScimId = scimId === null ? undefined : this.#byScimId.get(scimId)
    if (byScimId !== undefined) return byScimId
    return identifier === null ? undefined : this.#byIdentifier.get(identifier)
  }
}

function changesAddress(change: JournalChange): boolean {
  return change.fields.some((field) => field.path === 'userName' || field.path === 'externalId')
}

/** The address that the steps done so far have left; a change that failed got its old one back. */
function addressNow(change: JournalChange): string {
  if (change.status === 'failed') return change.address
  const done = change.work.steps.slice(0, change.stepsDone)
  return done.findLast(({ write }) => write.address !== undefined)?.write.address ?? change.address
}
