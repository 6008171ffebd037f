import { describe, expect, test } from 'vitest'
import type { AccountView, Expected, OracleRow } from '../oracle/model.ts'
import { accountFrom } from '../simulators/zivver/account.ts'
import type { Write } from '../simulators/zivver/write-log.ts'
import {
  duplicates,
  fullestWindow,
  lostMappings,
  type Round,
  rateViolations,
  type Sight,
  strayAfter,
  wrongSuspensions,
} from './judge.ts'

const anAccount = (id: string, part: Partial<AccountView> = {}): AccountView => ({
  ...accountFrom({ id, kind: 'user', address: `${id}@contoso.example` }),
  externalAccountId: `identifier-${id}`,
  ...part,
})
const aRow = (id: string, part: Partial<OracleRow> = {}): OracleRow => ({
  key: `identifier-${id}`,
  kind: 'user',
  scimId: id,
  address: `${id}@contoso.example`,
  displayName: id,
  active: true,
  ...part,
})
const team = anAccount('team', { kind: 'functional', delegates: ['anna@contoso.example'] })
const accounts = [anAccount('anna'), anAccount('leaver'), team]
const rows = [aRow('anna'), aRow('leaver'), aRow('team', { kind: 'functional' })]

/** The leaver is to be suspended, a newcomer to be made; everybody else stays. */
const round: Round = { before: { accounts, rows }, expected: expectedEnd() }

function expectedEnd(): Expected {
  const kept = accounts.map((account) => ({
    ...account,
    active: account.id !== 'leaver',
    suspendedDelegates: [],
  }))
  const newcomer = { ...anAccount('newcomer'), id: null, suspendedDelegates: [] }
  return {
    refused: null,
    accounts: [...kept, newcomer],
    rows: [
      ...rows.map(({ key, scimId }) => ({
        key,
        account: { id: scimId },
        active: scimId !== 'leaver',
      })),
      {
        key: 'identifier-newcomer',
        account: { address: 'newcomer@contoso.example' },
        active: true,
      },
    ],
  }
}

let sequence = 0
function aWrite(part: Partial<Write>): Write {
  sequence += 1
  const write = { at: 1000, method: 'PUT', kind: 'user', id: null, body: {}, status: 200 } as const
  return { sequence, ...write, outcome: 'applied', message: null, ...part }
}
const suspension = (id: string) => aWrite({ id, body: { active: false } })
const create = (id: string, part: Partial<Write> = {}) =>
  aWrite({ method: 'POST', id, body: { userName: `${id}@contoso.example` }, ...part })

const good: Sight = {
  writes: [suspension('leaver'), create('newcomer')],
  accounts: [
    anAccount('anna'),
    anAccount('leaver', { active: false }),
    team,
    anAccount('newcomer'),
  ],
  rows: [aRow('anna'), aRow('leaver', { active: false }), ...rows.slice(2), aRow('newcomer')],
}
const nobody = () => false
const applied = [{ action: 'create', address: 'newcomer@contoso.example', scimId: 'newcomer' }]

test('a round that ends as the oracle says has no finding', () => {
  expect(wrongSuspensions(round, good)).toEqual([])
  expect(duplicates(round, good, nobody)).toEqual([])
  expect(lostMappings(round, good.rows, applied)).toEqual([])
})

describe('a planted wrong suspension is found', () => {
  test.each<[string, Partial<Sight>]>([
    ['as a write, though it was taken back', { writes: [suspension('anna')] }],
    ['as an account', { accounts: [anAccount('anna', { active: false })] }],
    ['as a row', { rows: [aRow('anna', { active: false })] }],
    ['as a functional account without its members', { accounts: [{ ...team, delegates: [] }] }],
  ])('%s', (_, planted) => {
    expect(wrongSuspensions(round, { ...good, ...planted })).toHaveLength(1)
  })
})

describe('a planted duplicate is found', () => {
  const twin = anAccount('twin', { externalAccountId: 'IDENTIFIER-ANNA' })
  const refused = { outcome: 'refused', message: 'Address is already taken for newcomer' } as const
  test.each<[string, Partial<Sight>]>([
    ['made twice', { writes: [create('newcomer'), create('newcomer')] }],
    ['made for nobody', { writes: [create('anna2')] }],
    ['to be made again', { writes: [create('newcomer'), create('newcomer', refused)] }],
    ['with the identifier of another', { accounts: [...good.accounts, twin] }],
  ])('%s', (_, planted) => {
    expect(duplicates(round, { ...good, ...planted }, nobody)).toHaveLength(1)
  })

  test('but the request that a paused host had begun is none', () => {
    const writes = [create('newcomer'), create('newcomer', { ...refused, at: 5300 })]
    expect(duplicates(round, { ...good, writes }, strayAfter([5000]))).toEqual([])
    expect(duplicates(round, { ...good, writes }, strayAfter([1000, 6000]))).toHaveLength(1)
  })
})

describe('a planted lost mapping is found', () => {
  test.each<[string, readonly OracleRow[]]>([
    ['gone', good.rows.filter(({ scimId }) => scimId !== 'anna')],
    ['naming another', [...good.rows.slice(1), aRow('anna', { scimId: 'leaver' })]],
    ['never stored', good.rows.filter(({ scimId }) => scimId !== 'newcomer')],
  ])('%s', (_, planted) => {
    expect(lostMappings(round, planted, applied)).toHaveLength(1)
  })
})

test('a call more than the limit is found in any window, but for the one that a woken host had begun', () => {
  const limit = { requests: 3, seconds: 1 }
  expect(rateViolations([0, 10, 20, 1000.5, 1010.5], limit, [])).toEqual([])
  expect(fullestWindow([0, 10, 20, 1000.5, 1010.5], limit)).toBe(3)
  expect(rateViolations([0, 600, 700, 999], limit, [])).toHaveLength(1)
  expect(rateViolations([0, 600, 700, 999], limit, [650])).toEqual([])
  expect(rateViolations([0, 600, 700, 999, 999.5], limit, [650])).toHaveLength(1)
})
