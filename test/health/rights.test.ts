import { describe, expect, test } from 'vitest'
import { identityFinding } from '../../core/health/identity-check.ts'
import { neededRights } from '../../core/health/needed-rights.ts'
import { compareRights, type GrantedRights, titleOf } from '../../core/health/rights.ts'
import { exactRights, globalReader, tenantId } from './granted.ts'

const { exchange, graph } = exactRights

function without(name: string): GrantedRights {
  const strip = (list: readonly string[]) =>
    list.filter((item) => item !== name && !(name === 'Global Reader' && item === globalReader))
  return {
    exchange: {
      ...exchange,
      appRoles: strip(exchange.appRoles),
      directoryRoles: strip(exchange.directoryRoles ?? []),
    },
    graph: {
      ...graph,
      appRoles: strip(graph.appRoles),
      directoryRoles: strip(graph.directoryRoles ?? []),
    },
  }
}

describe('granted against needed', () => {
  test('exactly what is needed is neither missing nor superfluous', () => {
    expect(compareRights(exactRights)).toEqual({ missing: [], superfluous: [], unknown: [] })
  })

  test.each(neededRights.map((right) => [right.name, right] as const))(
    '%s that is missing is named, alone',
    (name, right) => {
      expect(compareRights(without(name))).toEqual({
        missing: [right],
        superfluous: [],
        unknown: [],
      })
      const finding = identityFinding(without(name), tenantId)
      expect(finding).toMatchObject({ status: 'failing' })
      for (const other of neededRights) {
        const isNamed = `${finding.message} ${finding.remedy}`.includes(titleOf(other))
        expect([other.name, isNamed]).toEqual([other.name, other === right])
      }
    },
  )

  test('what is not needed is named where it can be taken away', () => {
    const granted = {
      exchange: { ...exchange, appRoles: [...exchange.appRoles, 'full_access_as_app'] },
      graph: {
        ...graph,
        appRoles: [...graph.appRoles, 'Mail.Read'],
        directoryRoles: [globalReader, '62e90394-69f5-4237-9190-012177145e10', 'aaaa'],
      },
    }
    const { missing, superfluous } = compareRights(granted)
    expect(missing).toEqual([])
    expect(superfluous).toEqual([
      'full_access_as_app on Office 365 Exchange Online',
      'Mail.Read on Microsoft Graph',
      'Global Administrator',
      'the Entra role aaaa',
    ])
    expect(identityFinding(granted, tenantId)).toMatchObject({ status: 'warning' })
  })

  test('a wider right stands in for a needed one, and is too much', () => {
    const granted = {
      ...without('GroupMember.Read.All'),
      graph: { ...graph, appRoles: ['Directory.Read.All', 'User.Read.All', 'Member.Read.Hidden'] },
    }
    expect(compareRights(granted)).toEqual({
      missing: [],
      superfluous: ['Directory.Read.All on Microsoft Graph (GroupMember.Read.All would do)'],
      unknown: [],
    })
  })

  test('the role that Entra writes into every token of an application is no right', () => {
    const wids = [globalReader, '0997a1d0-0d1d-4acb-b408-d5ca73121e90']
    const granted = { exchange, graph: { ...graph, directoryRoles: wids } }
    expect(compareRights(granted).superfluous).toEqual([])
  })

  test('of a token that cannot be read nothing is concluded, of the other what it says', () => {
    expect(compareRights({ exchange: null, graph: null })).toMatchObject({
      missing: [],
      superfluous: [],
      unknown: neededRights,
    })
    expect(identityFinding({ exchange: null, graph: null }, tenantId).status).toBe('unknown')
    const half = compareRights({ ...without('User.Read.All'), exchange: null })
    expect(half.missing.map(({ name }) => name)).toEqual(['User.Read.All'])
    expect(half.unknown.map(({ name }) => name)).toEqual(['Exchange.ManageAsApp'])
  })

  test('tokens that say nothing of directory roles leave those unknown', () => {
    const silent = { directoryRoles: null }
    const comparison = compareRights({
      exchange: { ...exchange, ...silent },
      graph: { ...graph, ...silent },
    })
    expect(comparison.missing).toEqual([])
    expect(comparison.unknown.map(({ name }) => name)).toEqual(['Global Reader'])
  })

  test('an identity of another tenant is told by its token', () => {
    const other = 'aaaaaaaa-6c1d-4a1e-9f55-0d7a4b8e2c11'
    expect(identityFinding(exactRights, other)).toMatchObject({
      status: 'failing',
      message: expect.stringContaining(tenantId),
      remedy: expect.stringContaining('CLOUD_SYNC__TENANT_ID'),
    })
  })

  test('the remedy names the identity where its token does', () => {
    const granted = {
      ...without('User.Read.All'),
      exchange: { ...exchange, principalId: '77777777-6c1d-4a1e-9f55-0d7a4b8e2c11' },
    }
    expect(identityFinding(granted, tenantId).remedy).toContain(
      '`npm run grant -- --principal-id 77777777-6c1d-4a1e-9f55-0d7a4b8e2c11`',
    )
  })
})
