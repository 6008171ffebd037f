/** A probe that looks before each call whether it may still be made. */
import type { Clock } from '../ports.ts'
import type { TenantProbe } from './probe.ts'

export interface ProbeLimits {
  readonly clock: Clock
  /** No call is begun after this, by the clock's `monotonic`. */
  readonly beginsUntil: number
  /** The run that is queued or running; `null` = none. */
  activeRun(): Promise<string | null>
}

/** Why a call was not made; the question that it belongs to is unclear, with this code. */
class CallNotMade extends Error {
  readonly code: 'OUT_OF_TIME' | 'RUN_ACTIVE'

  constructor(code: CallNotMade['code']) {
    super(`a call was not made: ${code}`)
    this.name = 'CallNotMade'
    this.code = code
  }
}

/**
 * Begins no call when the time is up, and none to Zivver while a run is active: the run may use the whole rate limit
 * (contract, section 2), and may have begun since the first question.
 */
export function guardedProbe(probe: TenantProbe, limits: ProbeLimits): TenantProbe {
  const { clock, beginsUntil } = limits
  const inTime = (): void => {
    if (clock.monotonic() > beginsUntil) throw new CallNotMade('OUT_OF_TIME')
  }
  return {
    rights: async () => {
      inTime()
      return probe.rights()
    },
    exchange: async (ask) => {
      inTime()
      return probe.exchange(ask)
    },
    exchangeBatch: async (asks) => {
      inTime()
      return probe.exchangeBatch(asks)
    },
    graph: async (path) => {
      inTime()
      return probe.graph(path)
    },
    zivver: async (method, path, body) => {
      // A write question writes only after it has read; what it has written then is taken back in any case.
      if (method === 'GET') {
        inTime()
        if ((await limits.activeRun()) !== null) throw new CallNotMade('RUN_ACTIVE')
      }
      return probe.zivver(method, path, body)
    },
  }
}
