import type { RpcLogLevel } from './worker/rpc.ts'

const order = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const
const shown = {
  trace: 'TRACE',
  debug: 'DEBUG',
  information: 'INFO ',
  warning: 'WARN ',
  error: 'ERROR',
  critical: 'FATAL',
  none: '',
} as const satisfies Record<RpcLogLevel, string>

/** Writes one line, if the level of its category lets it through. `source` says who speaks. */
export type HostLog = (
  level: RpcLogLevel,
  category: string,
  source: string,
  message: string,
) => void

/**
 * The log of the host: one line each, `2026-11-23T01:00:00.000Z INFO  [executeRun 1f2e3d4c] message`.
 * @param logLevel `logging.logLevel` of host.json: the longest category that the line's category begins with decides
 */
export function createLog(
  logLevel: Readonly<Record<string, string>>,
  write: (line: string) => void,
): HostLog {
  const rules = Object.entries(logLevel)
    .map(([category, level]) => ({ category, level: levelNamed(level) }))
    .toSorted((left, right) => right.category.length - left.category.length)
  const fallback = rules.find((rule) => rule.category === 'default')?.level ?? 'information'
  return (level, category, source, message) => {
    const least = rules.find((rule) => category.startsWith(rule.category))?.level ?? fallback
    if (order.indexOf(level) < order.indexOf(least) || level === 'none') return
    write(`${new Date().toISOString()} ${shown[level]} [${source}] ${onOneLine(message)}`)
  }
}

function levelNamed(name: string): RpcLogLevel {
  const level = order.find((candidate) => candidate === name.toLowerCase())
  if (level === undefined) throw new Error(`host.json: there is no log level "${name}"`)
  return level
}

/** A display name or a stack must not be able to make a line of its own. */
function onOneLine(message: string): string {
  return message.replace(/\r?\n|\r|\u2028|\u2029/g, '\\n')
}

/** What a person needs to find a fault in a function: the stack where there is one. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
