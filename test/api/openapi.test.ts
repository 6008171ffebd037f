import { describe, expect, test } from 'vitest'
import { accountToJson } from '../../core/api/account.ts'
import { changeToJson } from '../../core/api/change.ts'
import { openApiDocument } from '../../core/api/openapi.ts'
import { operations } from '../../core/api/operations.ts'
import { runToJson } from '../../core/api/run.ts'
import { errorCodes, warningCodes } from '../../core/errors.ts'
import { aChange, aMappingRow, aRun } from './builders.ts'
import { createOpenApiCheck } from './openapi-check.ts'

const document = openApiDocument('0.1.0')
const check = createOpenApiCheck(JSON.parse(JSON.stringify(document)))

function faults(path: string, body: unknown, method = 'GET', status = 200): string[] {
  return check({ method, path, status, contentType: 'application/json', body })
}

describe('the OpenAPI document', () => {
  test('describes every operation of the contract, and the proof on a tenant', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.toSorted()).toEqual([
      'GET /accounts',
      'GET /dashboard',
      'GET /health',
      'GET /openapi.json',
      'GET /runs',
      'GET /runs/{id}',
      'GET /runs/{id}/changes',
      'GET /runs/{id}/report',
      'POST /runs',
      'POST /runs/{id}/cancel',
      'POST /verify',
    ])
  })

  test('asks for a key everywhere but on the dashboard page', () => {
    const open = Object.entries(operations).filter(([, { needsKey }]) => !needsKey)
    expect(open.map(([name]) => name)).toEqual(['getDashboard'])
    expect(document.paths['/dashboard']?.['get']).toMatchObject({ security: [] })
    expect(document.paths['/runs']?.['get']).not.toHaveProperty('security')
  })

  test('lists every code with its remedy', () => {
    const { ErrorCode, WarningCode } = document.components.schemas
    for (const [schema, codes] of [
      [ErrorCode, errorCodes],
      [WarningCode, warningCodes],
    ] as const) {
      expect(schema).toMatchObject({ enum: codes })
      const remedies = (schema as { 'x-remedies': Record<string, string> })['x-remedies']
      expect(Object.keys(remedies)).toEqual([...codes])
      for (const remedy of Object.values(remedies)) expect(remedy).toMatch(/\w{3}/)
    }
  })

  test('has the flags as parameters and as body', () => {
    expect(document.paths['/runs']?.['post']).toMatchObject({
      parameters: [
        'perform_sync',
        'allow_large_sync',
        'reset_account_mapping',
        'relink',
        'approve_run',
      ].map((name) => ({ name, in: 'query' })),
      requestBody: {
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Flags' } } },
      },
    })
  })
})

describe('answers and document agree', () => {
  test('on runs, in every state', () => {
    const failed = aRun({
      status: 'failed',
      error: { code: 'SOURCE_INCOMPLETE', message: 'page 2' },
      report: { email: 'failed', message: 'refused' },
    })
    const queued = aRun({ status: 'queued', started_at: null, finished_at: null, report: null })
    for (const run of [aRun(), failed, queued]) {
      expect(faults('/runs/8235602400000-0000000a', runToJson(run))).toEqual([])
    }
    expect(faults('/runs', { runs: [runToJson(failed)], continuation: 'x' })).toEqual([])
  })

  test('on changes and accounts', () => {
    expect(faults('/runs/r1/changes', { changes: [changeToJson(aChange())] })).toEqual([])
    const rows = [aMappingRow(), aMappingRow({ key: 'scim-1', active: false })]
    expect(faults('/accounts', { accounts: rows.map(accountToJson) })).toEqual([])
  })

  test('an answer that is not described is found out', () => {
    const run = runToJson(aRun())
    expect(faults('/runs/r1', { ...run, secret: 1 })).not.toEqual([])
    expect(faults('/runs/r1', { ...run, status: 'done' })).not.toEqual([])
    expect(faults('/runs/r1', { ...run, error: { code: 'NEW_CODE', message: '' } })).not.toEqual([])
    expect(faults('/runs', run)).not.toEqual([])
    expect(faults('/nothing', {})).not.toEqual([])
    expect(faults('/runs', {}, 'DELETE')).not.toEqual([])
  })
})

test('what the history keeps for itself is not shown', () => {
  const shown = Object.keys(runToJson(aRun()))
  for (const name of [
    'settingsDigest',
    'planStored',
    'resumeAt',
    'usage',
    'changeCount',
    'decided',
  ]) {
    expect(shown).not.toContain(name)
  }
})

test('the SSO account key is masked, and nothing else of a change', () => {
  const fields = [
    { path: 'SsoAccountKey', before: null, after: 'planted' },
    { path: 'active', before: false, after: true },
  ] as const
  expect(changeToJson(aChange({ fields })).fields).toEqual([
    { path: 'SsoAccountKey', before: null, after: '***' },
    { path: 'active', before: false, after: true },
  ])
})

test('an account that never had a mailbox of ours has no identifier', () => {
  const id = 'external_directory_object_id'
  expect(accountToJson(aMappingRow({ key: 'scim-7' }))).toHaveProperty(id, null)
  expect(accountToJson(aMappingRow())).toHaveProperty(id, '8d2b1e0f-4c77-4d61-8f0a-3a5f7e9c1b20')
})
