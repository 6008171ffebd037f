import { describe, expect, test } from 'vitest'
import { createMasker } from '../../core/config/masking.ts'
import type { LogLevel } from '../../core/ports.ts'
import { createInvocationLogger } from '../../functions/invocation-logger.ts'
import { FakeClock } from '../fakes/fake-clock.ts'

function aLogger(level: LogLevel) {
  const written: [string, unknown][] = []
  const write = (name: string) => (line: unknown) => written.push([name, line])
  const context = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  }
  const clock = new FakeClock('2026-11-23T01:00:00.000Z')
  const logger = createInvocationLogger(context, { level, mask: createMasker(['planted']), clock })
  return { logger, written }
}

describe('the log of an invocation', () => {
  test('has a sentence and its fields, at the level of the host', () => {
    const { logger, written } = aLogger('DEBUG')
    logger.log('DEBUG', 'call', { attempt: 2 })
    logger.log('INFO', 'run started')
    logger.log('WARNING', 'slow', { seconds: 7 })
    logger.log('ERROR', 'gone')
    expect(written).toEqual([
      ['debug', 'call {"attempt":2}'],
      ['info', 'run started'],
      ['warn', 'slow {"seconds":7}'],
      ['error', 'gone'],
    ])
  })

  test('drops lines below LOG_LEVEL', () => {
    const { logger, written } = aLogger('WARNING')
    for (const level of ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const) logger.log(level, level)
    expect(written.map(([name]) => name)).toEqual(['warn', 'error'])
  })

  test('masks secrets in sentences, fields and errors with their causes', () => {
    const { logger, written } = aLogger('INFO')
    const error = new Error('refused planted', { cause: new Error('Bearer abcdef was planted') })
    logger.log('INFO', 'key planted', { url: 'https://x.example/?code=abcdef', error })
    const line = String(written[0]?.[1])
    expect(line).toContain('refused ***')
    expect(line).not.toMatch(/planted|abcdef/)
  })

  test('keeps its lines for the mail at DEBUG only', () => {
    const { logger } = aLogger('DEBUG')
    logger.log('INFO', 'one')
    logger.log('DEBUG', 'two planted')
    expect(logger.debugLog()).toBe(
      '2026-11-23T01:00:00.000Z INFO    one\n2026-11-23T01:00:00.000Z DEBUG   two ***\n',
    )
    expect(aLogger('INFO').logger.debugLog()).toBeNull()
  })

  test('keeps no more than a mail can hold', () => {
    const { logger } = aLogger('DEBUG')
    for (let n = 0; n < 120; n++) logger.log('DEBUG', 'x'.repeat(100_000))
    const log = logger.debugLog() ?? ''
    expect(log.length).toBeLessThan(5_200_000)
    expect(log).toMatch(/longer than this attachment\n$/)
  })
})
