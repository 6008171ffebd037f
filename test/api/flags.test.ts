import { describe, expect, test } from 'vitest'
import { parseFlags } from '../../core/api/flags.ts'

function flags(body: unknown, query = '') {
  return parseFlags(body, new URLSearchParams(query))
}

function errorNames(body: unknown, query = ''): string[] {
  const parsed = flags(body, query)
  return parsed.ok ? [] : parsed.errors.map(({ name }) => name)
}

describe('the flags of a run', () => {
  test.each([[undefined], [{}]])('a body of %j gives none: a preview', (body) => {
    expect(flags(body)).toEqual({ ok: true, flags: {} })
  })

  test('the body gives flags as JSON; only those named are passed on', () => {
    const body = {
      perform_sync: true,
      reset_account_mapping: false,
      relink: ['Anna@Contoso.example ', 'anna@contoso.example'],
      approve_run: null,
    }
    expect(flags(body)).toEqual({
      ok: true,
      flags: {
        perform_sync: true,
        reset_account_mapping: false,
        relink: ['anna@contoso.example'],
        approve_run: null,
      },
    })
  })

  test('the query gives the same flags as text', () => {
    const query =
      'perform_sync=True&allow_large_sync=1&reset_account_mapping=0&relink=b@contoso.example,%20a@contoso.example&approve_run=8235602400000-0000000a'
    expect(flags(undefined, query)).toEqual({
      ok: true,
      flags: {
        perform_sync: true,
        allow_large_sync: true,
        reset_account_mapping: false,
        relink: ['a@contoso.example', 'b@contoso.example'],
        approve_run: '8235602400000-0000000a',
      },
    })
  })

  test('code is the function key and no flag, also beside a body', () => {
    expect(flags({ perform_sync: true }, 'code=secret')).toEqual({
      ok: true,
      flags: { perform_sync: true },
    })
  })

  test('flags in body and query at once are refused', () => {
    expect(errorNames({ perform_sync: true }, 'allow_large_sync=true')).toEqual(['body'])
    expect(errorNames({ perform_sync: true }, 'perform_sync=true')).toEqual(['body'])
  })

  test('every unknown flag is named', () => {
    expect(errorNames({ force: true, performSync: true })).toEqual(['force', 'performSync'])
    expect(errorNames(undefined, 'force=true')).toEqual(['force'])
  })

  test.each([
    [{ perform_sync: 'true' }, 'perform_sync'],
    [{ perform_sync: 1 }, 'perform_sync'],
    [{ allow_large_sync: null }, 'allow_large_sync'],
    [{ reset_account_mapping: [] }, 'reset_account_mapping'],
    [{ relink: 'anna@contoso.example' }, 'relink'],
    [{ relink: ['anna'] }, 'relink'],
    [{ relink: [1] }, 'relink'],
    [{ perform_sync: true, approve_run: 7 }, 'approve_run'],
    [{ perform_sync: true, approve_run: '../runs' }, 'approve_run'],
    [[], 'body'],
    ['perform_sync', 'body'],
    [null, 'body'],
    [7, 'body'],
  ])('a wrong type is named: %j', (body, name) => {
    expect(errorNames(body)).toEqual([name])
  })

  test.each(['perform_sync=', 'perform_sync=yes', 'perform_sync=true&perform_sync=false'])(
    'a wrong type in the query is named: %s',
    (query) => {
      expect(errorNames(undefined, query)).toEqual(['perform_sync'])
    },
  )

  test('approve_run needs perform_sync', () => {
    expect(errorNames({ approve_run: '8235602400000-0000000a' })).toEqual(['approve_run'])
    expect(errorNames(undefined, 'approve_run=r1&perform_sync=false')).toEqual(['approve_run'])
  })
})
