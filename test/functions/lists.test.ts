import Papa from 'papaparse'
import { beforeEach, describe, expect, test } from 'vitest'
import { listAccounts } from '../../functions/accounts.ts'
import { listChanges } from '../../functions/changes.ts'
import { aChange, aMappingRow, aRun } from '../api/builders.ts'
import { call, FakeApp } from './fake-app.ts'

let app: FakeApp
beforeEach(() => {
  app = new FakeApp()
  app.storage.history.set('r1', aRun({ id: 'r1' }))
  app.storage.plans.set('r1', [
    aChange({ sequence: 1, address: 'anna@contoso.example' }),
    aChange({ sequence: 2, action: 'suspend', address: 'bob@contoso.example' }),
    aChange({ sequence: 3, action: 'suspend', status: 'deferred', displayName: '=1+1' }),
  ])
})

interface Page {
  readonly changes: { readonly sequence: number }[]
  readonly continuation?: string
}

function changes(query = '', id = 'r1') {
  return call(app, listChanges, `GET /runs/${id}/changes${query}`, { params: { id } })
}

async function sequences(query: string): Promise<number[]> {
  return ((await changes(query)).body as Page).changes.map(({ sequence }) => sequence)
}

describe('GET /runs/{id}/changes', () => {
  test('gives changes in order, filtered by action and status', async () => {
    expect(await sequences('')).toEqual([1, 2, 3])
    expect(await sequences('?action=suspend')).toEqual([2, 3])
    expect(await sequences('?action=suspend&status=planned')).toEqual([2])
  })

  test('pages; a continuation belongs to its list and filter', async () => {
    const { changes: first, continuation } = (await changes('?limit=2')).body as Page
    expect(first).toHaveLength(2)
    expect(await sequences(`?limit=2&continuation=${continuation}`)).toEqual([3])
    const other = await changes(`?limit=2&action=suspend&continuation=${continuation}`)
    expect(other.status).toBe(400)
    expect(other.body).toMatchObject({ errors: [{ name: 'continuation' }] })
  })

  test('gives all of them as CSV, whatever the limit', async () => {
    const { status, headers, text } = await changes('?format=csv&limit=1')
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8; header=present' })
    const { data } = Papa.parse<Record<string, string>>(text, {
      header: true,
      skipEmptyLines: true,
    })
    expect(data.map((row) => row['sequence'])).toEqual(['1', '2', '3'])
    expect((await changes('?format=csv&action=create')).text.trim().split('\r\n')).toHaveLength(2)
  })

  test.each(['action=delete', 'status=done', 'format=xml', 'limit=x'])(
    'names the wrong parameter: %s',
    async (query) => {
      const { status, body } = await changes(`?${query}`)
      expect(status).toBe(400)
      expect(body).toMatchObject({ errors: [{ name: query.split('=')[0] }] })
    },
  )

  test('of an unknown run is a 404 problem', async () => {
    expect((await changes('', 'r2')).status).toBe(404)
    expect((await changes('?format=csv', 'r2')).status).toBe(404)
  })
})

describe('GET /accounts', () => {
  beforeEach(() => {
    for (let n = 0; n < 120; n++) {
      const row = aMappingRow({ key: `id-${n}`, address: `user${n}@contoso.example` })
      app.storage.mappings.rows.set(row.key, row)
    }
  })

  test('pages through the mapping rows', async () => {
    const first = (await call(app, listAccounts, 'GET /accounts')).body as {
      accounts: unknown[]
      continuation: string
    }
    const next = await call(app, listAccounts, `GET /accounts?continuation=${first.continuation}`)
    const rest = next.body as { accounts: unknown[] }
    expect([first.accounts.length, rest.accounts.length]).toEqual([100, 20])
    expect(rest).not.toHaveProperty('continuation')
  })

  test('finds accounts by the beginning of their address, in any case', async () => {
    const { body } = await call(app, listAccounts, 'GET /accounts?address=USER11@')
    expect(body).toEqual({
      accounts: [
        {
          external_directory_object_id: 'id-11',
          kind: 'user',
          scim_id: '3f0c8a52-6c1d-4a1e-9f55-0d7a4b8e2c11',
          address: 'user11@contoso.example',
          display_name: 'Anna Vos',
          active: true,
          linked_at: '2026-11-23T01:00:00.000Z',
          last_run_id: '8235602400000-0000000a',
        },
      ],
    })
  })
})
