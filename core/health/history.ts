import type { RunRecord } from '../model/run.ts'
import type { RunStore } from '../ports.ts'

export interface HistoryFacts {
  readonly last: RunRecord | null
  readonly lastSuccess: RunRecord | null
  /** The oldest run that was looked at. */
  readonly first: RunRecord | null
}

const pageSize = 50
const pagesAtMost = 10

/** Looks back through the history until the last success; what lies further back than 500 runs is not looked at. */
export async function readHistoryFacts(
  runs: Pick<RunStore, 'list'>,
  isSuccess: (run: RunRecord) => boolean,
): Promise<HistoryFacts> {
  let facts: HistoryFacts = { last: null, lastSuccess: null, first: null }
  let continuation: string | undefined
  for (let page = 0; page < pagesAtMost; page++) {
    const answer = await runs.list(pageSize, continuation)
    facts = {
      last: facts.last ?? answer.runs[0] ?? null,
      lastSuccess: answer.runs.find(isSuccess) ?? null,
      first: answer.runs.at(-1) ?? facts.first,
    }
    continuation = answer.continuation
    if (facts.lastSuccess !== null || continuation === undefined) break
  }
  return facts
}
