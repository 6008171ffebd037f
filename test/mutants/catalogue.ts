import { applyMutants } from './catalogue-apply.ts'
import { planMutants } from './catalogue-plan.ts'
import type { Mutant } from './mutant.ts'

/** Every bug that is planted, one at a time. */
export const catalogue: readonly Mutant[] = [...planMutants, ...applyMutants]
