import type { Run } from '../model/run.ts'
import type { Warning } from '../model/warning.ts'

/** A warning that stands, and since when. */
export interface OpenWarning {
  readonly warning: Warning
  /** When the first run of an unbroken row of runs that had it was requested. ISO 8601 UTC. */
  readonly firstSeen: string
  readonly lastSeen: string
}

type WarningRun = Pick<Run, 'status' | 'phase' | 'requested_at'> & {
  readonly warnings: readonly WarningOf[]
}
/** As the API gives it: an address may be absent or undefined. */
type WarningOf = Pick<Warning, 'code' | 'message'> & { readonly address?: string | undefined }

/** Only a run that has read and planned can say that a warning is there, or gone. */
function hasPlanned({ status, phase }: WarningRun): boolean {
  return (
    phase === 'done' &&
    (status === 'succeeded' || status === 'completed_with_errors' || status === 'blocked')
  )
}

// Figures in a message may change from run to run: the same code about the same address is the same warning.
function identityOf({ code, address, message }: WarningOf): string {
  return `${code} ${address ?? message}`
}

/**
 * The warnings of the newest run that planned, each with when it was seen first and last.
 * @param runs newest first; what lies further back is not known
 */
export function openWarnings(runs: readonly WarningRun[]): OpenWarning[] {
  const planned = runs.filter(hasPlanned)
  const [newest] = planned
  if (newest === undefined) return []
  const seen = planned.map(({ warnings }) => new Set(warnings.map(identityOf)))
  return newest.warnings.map(({ code, message, address }) => {
    const id = identityOf({ code, message, address })
    const gone = seen.findIndex((warnings) => !warnings.has(id))
    const first = planned[gone === -1 ? planned.length - 1 : gone - 1] ?? newest
    return {
      warning: { code, message, ...(address !== undefined && { address }) },
      firstSeen: first.requested_at,
      lastSeen: newest.requested_at,
    }
  })
}
