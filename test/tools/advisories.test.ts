import { expect, test } from 'vitest'
import { judgeAudit } from './advisories.ts'

const advisory = (name: string, severity: string, fixAvailable: unknown) => ({
  [name]: { name, severity, range: '<2.0.0', fixAvailable, via: [], effects: [], nodes: [] },
})

test('an advisory of severity high or critical that has a fix is to be mended; a lower one, or one without a fix, is counted', () => {
  const vulnerabilities = {
    ...advisory('a', 'high', true),
    ...advisory('b', 'critical', { name: 'b', version: '3.0.0', isSemVerMajor: true }),
    ...advisory('c', 'high', false),
    ...advisory('d', 'moderate', true),
  }
  expect(judgeAudit(JSON.stringify({ auditReportVersion: 2, vulnerabilities }))).toEqual({
    status: 'answered',
    toMend: ['a <2.0.0: high', 'b <2.0.0: critical'],
    others: 2,
  })
})

test.each([
  ['{"message":"405 Method Not Allowed"}', '405 Method Not Allowed'],
  ['<html>', 'its answer is no audit report'],
])(
  'a registry that answers %s has not answered, which is not the same as no advisory',
  (output, why) => {
    expect(judgeAudit(output)).toEqual({ status: 'unanswered', why })
  },
)
