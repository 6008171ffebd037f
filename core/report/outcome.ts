import { isOverLimit } from '../guard/limit.ts'
import { actions } from '../model/change.ts'
import type { Run } from '../model/run.ts'

/** How a run ended, as an administrator tells endings apart. */
export type Outcome =
  | 'nothing_to_do'
  | 'done'
  | 'partial'
  | 'preview'
  | 'preview_nothing'
  | 'preview_over_limit'
  | 'blocked'
  | 'failed'
  | 'cancelled'
  | 'settings_changed'
  | 'under_way'

/** How urgent it is: decides the colour, never the words. */
export type Tone = 'good' | 'info' | 'attention' | 'bad'

/** Totals over all actions. */
export interface Totals {
  readonly planned: number
  readonly applied: number
  readonly failed: number
  readonly deferred: number
}

export function totalsOf({ counts }: Pick<Run, 'counts'>): Totals {
  const sum = (what: keyof Totals): number =>
    actions.reduce((total, action) => total + counts[action][what], 0)
  return {
    planned: sum('planned'),
    applied: sum('applied'),
    failed: sum('failed'),
    deferred: sum('deferred'),
  }
}

/** Changes that a run makes, or would make: the planned ones that are not deferred. */
export function dueChanges(run: Pick<Run, 'counts'>): number {
  const { planned, deferred } = totalsOf(run)
  return planned - deferred
}

/** What decides how a run ended. */
export type EndedRun = Pick<Run, 'status' | 'mode' | 'error' | 'guard' | 'counts'> & {
  readonly warnings: readonly { readonly code: string }[]
}

/** Failed changes apart: those that an earlier sync has told in full already, in the same way. */
export function failuresOf(run: Pick<EndedRun, 'counts' | 'warnings'>): {
  readonly fresh: number
  readonly repeated: number
} {
  const repeated = run.warnings.filter(({ code }) => code === 'FAILING_REPEATEDLY').length
  return { fresh: Math.max(0, totalsOf(run).failed - repeated), repeated }
}

export function outcomeOf(run: EndedRun): Outcome {
  switch (run.status) {
    case 'queued':
    case 'running':
      return 'under_way'
    case 'failed':
      return 'failed'
    case 'blocked':
      return 'blocked'
    case 'cancelled':
      return run.error?.code === 'SETTINGS_CHANGED' ? 'settings_changed' : 'cancelled'
    case 'completed_with_errors':
      return 'partial'
    case 'succeeded':
      if (run.mode === 'preview') return previewOutcome(run)
      return dueChanges(run) === 0 ? 'nothing_to_do' : 'done'
  }
}

// A preview is never blocked; the guard's finding tells that a sync would be (contract, section 7).
function previewOutcome(run: EndedRun): Outcome {
  if (dueChanges(run) === 0) return 'preview_nothing'
  return isOverLimit(run.guard) ? 'preview_over_limit' : 'preview'
}

const tones: Readonly<Record<Outcome, Tone>> = {
  nothing_to_do: 'good',
  done: 'good',
  preview: 'info',
  preview_nothing: 'info',
  under_way: 'info',
  preview_over_limit: 'attention',
  partial: 'attention',
  cancelled: 'attention',
  settings_changed: 'attention',
  blocked: 'bad',
  failed: 'bad',
}

export function toneOf(outcome: Outcome): Tone {
  return tones[outcome]
}
