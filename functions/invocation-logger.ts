import type { InvocationContext } from '@azure/functions'
import type { Masker } from '../core/config/masking.ts'
import type { Clock, Logger, LogLevel } from '../core/ports.ts'

const ranks: Readonly<Record<LogLevel, number>> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3 }
const methods = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const

/** Characters of log that are kept for the mail; more would only fill the mailbox. */
const keptAtMost = 5_000_000

export interface InvocationLogger extends Logger {
  /** The lines so far, for the attachment of the mail; `null` unless the level is DEBUG. */
  debugLog(): string | null
}

/**
 * Writes lines to the invocation's own log: a sentence, then its fields as JSON. Lines below `level` are dropped;
 * secrets are masked in all.
 */
export function createInvocationLogger(
  context: Pick<InvocationContext, (typeof methods)[LogLevel]>,
  options: { readonly level: LogLevel; readonly mask: Masker; readonly clock: Clock },
): InvocationLogger {
  const kept: string[] = []
  let keptLength = 0
  return {
    log: (level, message, fields = {}) => {
      if (ranks[level] < ranks[options.level]) return
      const line = shownAt(options.level, options.mask(lineOf(message, fields)))
      context[methods[level]](line)
      if (options.level !== 'DEBUG' || keptLength > keptAtMost) return
      const keptLine = `${options.clock.now().toISOString()} ${level.padEnd(7)} ${line}`
      keptLength += keptLine.length
      kept.push(keptLength > keptAtMost ? '… the log is longer than this attachment' : keptLine)
    },
    debugLog: () => (options.level === 'DEBUG' ? kept.map((line) => `${line}\n`).join('') : null),
  }
}

/** Addresses are personal data: only a log that was asked for details has them. */
function shownAt(level: LogLevel, line: string): string {
  return level === 'DEBUG' ? line : line.replace(/[^\s@"'<>(),;:]{1,64}@(?=[\w-]+\.)/g, '…@')
}

/** The same log, with these fields in every line. */
export function withFields(logger: Logger, common: Readonly<Record<string, unknown>>): Logger {
  return {
    log: (level, message, fields) => logger.log(level, message, { ...common, ...fields }),
  }
}

function lineOf(message: string, fields: Readonly<Record<string, unknown>>): string {
  return Object.keys(fields).length === 0 ? message : `${message} ${JSON.stringify(fields, shown)}`
}

/** Errors have no enumerable properties: without this they would be logged as `{}`. */
function shown(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  if (typeof value === 'bigint') return String(value)
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { name, message, ...('code' in value && { code: value.code }), stack, cause }
}
