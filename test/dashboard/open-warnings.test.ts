import { describe, expect, test } from 'vitest'
import { openWarnings } from '../../core/dashboard/open-warnings.ts'
import type { RunRecord } from '../../core/model/run.ts'
import type { Warning } from '../../core/model/warning.ts'
import { aRun } from '../report/sample.ts'

const taken: Warning = {
  code: 'ALIAS_TAKEN',
  message: 'hr is taken',
  address: 'daan@contoso.example',
}
const reused: Warning = { code: 'READINGS_REUSED', message: '12 readings are old' }

/** A finished run of a day in November. */
function run(day: number, warnings: Warning[], part: Partial<RunRecord> = {}): RunRecord {
  const requested_at = `2026-11-${day}T01:00:00.000Z`
  return aRun({ requested_at, warnings, phase: 'done', ...part })
}

describe('a warning is open', () => {
  test('while the newest run that planned has it, first seen where the unbroken row begins', () => {
    const runs = [
      run(23, [taken]),
      run(22, [taken, reused]),
      run(21, [taken]),
      run(20, []),
      run(19, [taken]),
    ]
    expect(openWarnings(runs)).toEqual([
      {
        warning: taken,
        firstSeen: '2026-11-21T01:00:00.000Z',
        lastSeen: '2026-11-23T01:00:00.000Z',
      },
    ])
  })

  test('for all of the known history when no run was without it', () => {
    expect(openWarnings([run(23, [reused]), run(22, [reused])])).toMatchObject([
      { firstSeen: '2026-11-22T01:00:00.000Z' },
    ])
  })

  test('though a run failed, was cancelled or is under way since: those have seen nothing', () => {
    const runs = [
      run(23, [], { status: 'running', phase: 'reading' }),
      run(23, [], { status: 'failed' }),
      run(22, [], { status: 'cancelled' }),
      run(21, [taken], { status: 'blocked' }),
    ]
    expect(openWarnings(runs)).toMatchObject([{ lastSeen: '2026-11-21T01:00:00.000Z' }])
  })

  test('as the same one when only the figures of its message change', () => {
    const before = { ...taken, message: 'hr and 2 others are taken' }
    expect(openWarnings([run(23, [taken]), run(22, [before])])).toMatchObject([
      { firstSeen: '2026-11-22T01:00:00.000Z' },
    ])
  })

  test('not any more once a run that planned does not have it', () => {
    expect(openWarnings([run(23, []), run(22, [taken])])).toEqual([])
    expect(openWarnings([])).toEqual([])
  })
})
