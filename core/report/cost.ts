import type { RunUsage } from '../model/run.ts'

export interface Cost {
  readonly gigabyteSeconds: number
  /** US dollars. */
  readonly amount: number
}

// List prices of Azure Functions Flex Consumption (on demand) and of Communication Services Email, in US dollars.
// They differ a little by region; storage transactions of a run are far below a tenth of a cent and left out.
const perGigabyteSecond = 0.000026
const perExecution = 0.4 / 1_000_000
const perMail = 0.00025

/** Memory of one instance in GB, as `infra/` asks for it: the whole instance is billed while it works. */
const instanceGigabytes = 2

/**
 * What a run costs at list price, before any free grant:
 * `seconds of work × 2 GB × price of a GB-second + invocations × price of one + one mail`.
 */
export function costOf({ workSeconds, slices }: RunUsage): Cost {
  const gigabyteSeconds = workSeconds * instanceGigabytes
  return {
    gigabyteSeconds,
    amount: gigabyteSeconds * perGigabyteSecond + slices * perExecution + perMail,
  }
}
