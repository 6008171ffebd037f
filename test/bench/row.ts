/** What `npm run bench` measures and prints. */

/** A time that nobody can beat with these latencies and limits, and how it is computed. */
export interface Bound {
  readonly seconds: number
  readonly formula: string
}

/** Something that must hold, judged on this machine now. */
export interface Check {
  readonly text: string
  readonly ok: boolean
}

/** One line of the table. */
export interface Line {
  readonly work: string
  /** HTTP calls to Microsoft 365 and Zivver, each item of a batch counted; `null` = no calls are made. */
  readonly calls: number | null
  readonly bound: Bound | null
  readonly seconds: number
  /** Answers with status 429. */
  readonly refused: number | null
  /** Largest resident set of the app's process. */
  readonly peakMiB: number | null
  /** Bytes that the app's process read and wrote. */
  readonly bytes: number | null
  readonly checks: readonly Check[]
}

export interface Tools {
  /** Shows what is going on now. */
  readonly tell: (text: string) => void
}

export interface Row {
  /** For `--only`. */
  readonly name: string
  readonly title: string
  readonly measure: (tools: Tools) => Promise<readonly Line[]>
}

/** `efficiency = lower bound ÷ measured`; `null` where there is no bound. */
export function efficiencyOf({ bound, seconds }: Pick<Line, 'bound' | 'seconds'>): number | null {
  return bound === null ? null : bound.seconds / seconds
}

/** A line without calls: work inside one process. */
export function processLine(line: Pick<Line, 'work' | 'seconds' | 'checks'> & Partial<Line>): Line {
  return { calls: null, bound: null, refused: null, peakMiB: null, bytes: null, ...line }
}
