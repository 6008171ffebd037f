import type { JournalChange } from '../model/change.ts'
import type { RefusedAlias } from '../model/mapping.ts'
import type { Warning } from '../model/warning.ts'

/** Zivver refused one alias of an account; the rest was written. */
export function aliasRefused({ address }: JournalChange, refusal: RefusedAlias): Warning {
  const why = refusal.code === 'ALIAS_IS_GUEST' ? 'it is a guest' : 'another account has it'
  return {
    code: 'ALIAS_REFUSED',
    message: `Zivver refuses the alias ${refusal.address} of ${address} (${why}); everything else was written, and the alias is tried again in a week`,
    address,
  }
}

/** An alias was not sent, because the change that was to free it failed. */
export function aliasStillHeld({ address }: JournalChange, alias: string, holder: string): Warning {
  return {
    code: 'ALIAS_TAKEN',
    message: `the alias ${alias} of ${address} is left out, because the change of ${holder}, which has it, failed; the next run repairs it`,
    address,
  }
}

/** A delegate was not named, because its account does not exist or is suspended. */
export function delegateLeftOut({ address }: JournalChange, delegate: string): Warning {
  return {
    code: 'DELEGATE_LEFT_OUT',
    message: `${delegate} could not be made a delegate of ${address}, because its own account could not be created or reactivated; the next run repairs it`,
    address,
  }
}
