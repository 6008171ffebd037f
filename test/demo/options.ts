import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** Where everything is kept that the next start goes on with. */
  readonly folder: string
  /** End when the story is told, instead of staying up until Ctrl-C. */
  readonly endsAfterStory: boolean
}

/** Where the demo was started from. */
export interface Surroundings {
  /** Whether a person sits at both stdin and stdout. */
  readonly isTerminal: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

const defaultFolder = fileURLToPath(new URL('../../.data', import.meta.url))

/**
 * Reads `npm start -- [--once] [--data <folder>]`. On a CI server nobody would ever press Ctrl-C, so there the demo
 * ends by itself. @throws TypeError for an unknown argument
 */
export function readOptions(args: readonly string[], surroundings: Surroundings): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { once: { type: 'boolean', default: false }, data: { type: 'string' } },
  })
  const isUnattended = !surroundings.isTerminal && surroundings.env['CI'] === 'true'
  return {
    folder: resolve(values.data ?? defaultFolder),
    endsAfterStory: values.once || isUnattended,
  }
}
