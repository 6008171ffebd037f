import { Histogram } from './histogram.ts'
import { playSchedule, type Verdict } from './simulation.ts'

/** Set to a seed, the schedules' tests play that one alone and print every step of it. */
const replayVariable = 'SIMULATION_SEED'

/**
 * Plays the schedules from one seed to another, and prints what happened in them.
 * @returns what must not be, each with its seed and how to play it again
 */
export async function playMany(
  from: number,
  to: number,
): Promise<{ readonly problems: readonly string[]; readonly histogram: Histogram }> {
  const only = process.env[replayVariable]
  const histogram = new Histogram()
  const problems: string[] = []
  const seeds = only === undefined ? range(from, to) : [Number(only)]
  for (const seed of seeds) {
    const verdict = await playSchedule(seed, { isTraced: only !== undefined })
    histogram.add(verdict)
    problems.push(...verdict.problems.map((problem) => told(verdict, problem)))
    if (only !== undefined) console.log(verdict.trace.join('\n'))
  }
  console.log(String(histogram))
  return { problems, histogram }
}

function told({ seed, fired }: Verdict, problem: string): string {
  const faults = fired.map(({ kind }) => kind).join(', ')
  return `${problem} [seed ${seed}; ${faults}; again: ${replayVariable}=${seed} npx vitest run test/simulation/schedules-1.test.ts]`
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
