import { expect, test } from 'vitest'
import type { ProbeAnswer, TenantProbe } from '../../core/verify/probe.ts'
import { zivverQuestions } from '../../core/verify/zivver-questions.ts'
import { SilentProbe } from './silent-probe.ts'

test('the evidence of an error shows what its parts are called, and nobody whom it names', async () => {
  const answer: ProbeAnswer = {
    status: 404,
    headers: { 'content-type': 'application/scim+json; charset=utf-8' },
    json: {
      schemas: [],
      detail: 'anna@contoso.example is unknown',
      'anna@contoso.example': 1,
      'Anna de Vries': 2,
      '00000000-0000-0000-0000-000000000000': 3,
    },
    durationMs: 1,
  }
  const probe: TenantProbe = Object.assign(new SilentProbe(), { zivver: async () => answer })
  const question = zivverQuestions(probe).find(({ id }) => id === 'zivver.unknown_id')
  expect(await question?.ask()).toEqual({
    verdict: 'holds',
    evidence: {
      status: 404,
      content_type: 'application/scim+json',
      members: ['schemas', 'detail'],
    },
  })
})
