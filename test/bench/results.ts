/** What a bench has found, as its JSON file holds it. */
import * as z from 'zod'
import { efficiencyOf, type Line } from './row.ts'

const lineSchema = z.object({
  work: z.string(),
  calls: z.number().nullable(),
  bound: z.object({ seconds: z.number(), formula: z.string() }).nullable(),
  seconds: z.number(),
  refused: z.number().nullable(),
  peakMiB: z.number().nullable(),
  bytes: z.number().nullable(),
  efficiency: z.number().nullable(),
  checks: z.array(z.object({ text: z.string(), ok: z.boolean() })),
})

const resultSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Processes that wanted a core, over the minute before and the minute at the end: measured on a busy machine? */
  load: z.object({ before: z.number(), after: z.number() }),
  /** How long the row took to measure, worlds and simulators included. */
  seconds: z.number(),
  lines: z.array(lineSchema),
})

export const benchSchema = z.object({
  machine: z.object({ cores: z.number(), node: z.string() }),
  results: z.array(resultSchema),
})

/** A row's result. */
export type Result = z.output<typeof resultSchema>
export type BenchResults = z.output<typeof benchSchema>

export function resultOf(row: Omit<Result, 'lines'>, lines: readonly Line[]): Result {
  return {
    ...row,
    lines: lines.map((line) => ({
      ...line,
      checks: [...line.checks],
      efficiency: efficiencyOf(line),
    })),
  }
}

/** The longest that all rows together may take: ten minutes are what somebody waits for. */
export const mostSeconds = 600

export function secondsOf(results: readonly Result[]): number {
  return results.reduce((sum, { seconds }) => sum + seconds, 0)
}

/** What misses its bound, in words. */
export function failuresOf(results: readonly Result[]): readonly string[] {
  const missed = results.flatMap(({ name, lines }) =>
    lines.flatMap(({ checks }) =>
      checks.filter(({ ok }) => !ok).map(({ text }) => `${name}: ${text}`),
    ),
  )
  const seconds = secondsOf(results)
  return seconds <= mostSeconds
    ? missed
    : [...missed, `all rows together: ${seconds.toFixed(0)} s, ${mostSeconds} at most`]
}
