/** What happens to the processes, and past the front door, while a run is under way. */
import type { Random } from '../simulators/shared/random.ts'

export type StrikeKind =
  /** `kill -9`, and a new process after a while. */
  | 'kill'
  | 'kill both'
  /** SIGSTOP, and after a while SIGCONT. */
  | 'pause'
  | 'pause past the lease'
  /** Storage stands still for all. */
  | 'storage stands still'
  | 'cancel'
  | 'message doubled'
  | 'message lost'
  | 'message that is none'
  /** A host is started anew with another setting that a run pins. */
  | 'setting changed'
  /** A host is ended and started again as an update does it. */
  | 'orderly restart'
  | 'health asked'

/** When: so long after the round's first request, or while its n-th write at Zivver has no answer. */
export type Moment =
  | { readonly afterMs: number }
  | { readonly write: number; readonly processed: boolean }

export interface Strike {
  readonly kind: StrikeKind
  readonly at: Moment
  /** Whoever works on the run, or the other host. */
  readonly target: 'holder' | 'other'
  /** How long it takes: until the restart, or until the wake. */
  readonly ms: number
}

const kinds: readonly StrikeKind[] = [
  'kill',
  'kill',
  'kill',
  'kill both',
  'pause',
  'pause past the lease',
  'pause past the lease',
  'storage stands still',
  'cancel',
  'message doubled',
  'message lost',
  'message that is none',
  'setting changed',
  'orderly restart',
  'health asked',
]

const onHosts: ReadonlySet<StrikeKind> = new Set([
  'kill',
  'kill both',
  'pause',
  'pause past the lease',
])

/** @param leaseMs of the world */
export function drawStrike(random: Random, leaseMs: number, mayStopStorage: boolean): Strike {
  const possible = kinds.filter((kind) => mayStopStorage || kind !== 'storage stands still')
  const kind = random.pick(possible)
  const atWrite = { write: random.integer(1, 12), processed: random.chance(0.5) }
  const soon = { afterMs: random.integer(50, 7_000) }
  return {
    kind,
    at: onHosts.has(kind) && random.chance(0.8) ? atWrite : soon,
    target: random.chance(0.8) ? 'holder' : 'other',
    ms: durationOf(kind, random, leaseMs),
  }
}

function durationOf(kind: StrikeKind, random: Random, leaseMs: number): number {
  switch (kind) {
    case 'pause':
      return random.integer(100, leaseMs * 0.8)
    case 'pause past the lease':
      return random.integer(leaseMs * 1.5, leaseMs * 3)
    case 'storage stands still':
      return random.integer(300, leaseMs * 1.5)
    case 'kill':
    case 'kill both':
      return random.integer(0, 1_500)
    case 'cancel':
    case 'message doubled':
    case 'message lost':
    case 'message that is none':
    case 'setting changed':
    case 'orderly restart':
    case 'health asked':
      return 0
  }
}
