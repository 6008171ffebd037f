import type { InvocationContext } from '@azure/functions'
import { openInvocation } from '../../functions/composition.ts'
import type { Invocation } from '../../functions/invocation.ts'

/** The app as its functions have it, by the settings of the environment; its log goes to the standard error. */
export function openOnConsole(): Invocation {
  const log = (line: unknown): void => console.error(String(line))
  const methods = { debug: log, info: log, warn: log, error: log }
  // The composition root uses nothing of a context but its log.
  return openInvocation(methods as unknown as InvocationContext)
}
