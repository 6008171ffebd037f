import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../core/model/change.ts'
import { buildPlan } from '../../core/plan/plan.ts'
import {
  aMailbox,
  anAccount,
  aPolicy,
  aRow,
  aSnapshot,
  guid,
  type SnapshotParts,
} from '../support/build.ts'

const at = (name: string): string => `${name}@contoso.example`

/** Every write of a plan in its order: `action address: what it sends`. */
function writes(changes: readonly Change[]): string[] {
  return changes
    .flatMap((change) => change.work.steps.map((step) => ({ change, step })))
    .sort((left, right) => left.step.position - right.step.position)
    .map(({ change, step }) => {
      const what = step.write.address ?? Object.keys(step.write).join('+')
      return `${step.purpose} ${change.action} ${change.address}: ${what}`
    })
}

/** Mailboxes that were renamed: account i has `from`, its mailbox has `to`. */
function renamed(...moves: [from: string, to: string][]): SnapshotParts {
  return {
    mailboxes: moves.map(([, to], index) =>
      aMailbox({
        identifier: guid(index + 1),
        primarySmtpAddress: at(to),
        displayName: `P${index}`,
      }),
    ),
    accounts: moves.map(([from], index) =>
      anAccount({
        scimId: `S${index}`,
        address: at(from),
        displayName: `P${index}`,
        externalAccountId: guid(index + 1),
      }),
    ),
    mappings: moves.map(([from], index) =>
      aRow({ key: guid(index + 1), scimId: `S${index}`, address: at(from) }),
    ),
  }
}

describe('no address is ever claimed twice', () => {
  test('story 6: a chain of renames frees before it claims', () => {
    const plan = buildPlan(aSnapshot(renamed(['a', 'b'], ['b', 'c'], ['c', 'd'])), aPolicy())
    expect(writes(plan.changes)).toEqual([
      `main update ${at('c')}: ${at('d')}`,
      `main update ${at('b')}: ${at('c')}`,
      `main update ${at('a')}: ${at('b')}`,
    ])
  })

  test('story 6: a swap parks one of the two', () => {
    const plan = buildPlan(aSnapshot(renamed(['a', 'b'], ['b', 'a'])), aPolicy())
    expect(writes(plan.changes)).toEqual([
      `park update ${at('a')}: cloudsync-00000001@contoso.example`,
      `main update ${at('b')}: ${at('a')}`,
      `main update ${at('a')}: ${at('b')}`,
    ])
  })

  test('a new mailbox waits for the address that another one gives up', () => {
    const parts = renamed(['z', 'y'])
    const plan = buildPlan(
      aSnapshot({
        ...parts,
        mailboxes: [
          ...(parts.mailboxes ?? []),
          aMailbox({ identifier: guid(9), primarySmtpAddress: at('z') }),
        ],
      }),
      aPolicy(),
    )
    expect(writes(plan.changes)).toEqual([
      `main update ${at('z')}: ${at('y')}`,
      `main create ${at('z')}: ${at('z')}`,
    ])
  })

  test('an address that an unmanaged account keeps is a finding, not a rejected write', () => {
    const parts = renamed(['a', 'b'])
    const plan = buildPlan(
      aSnapshot({
        ...parts,
        accounts: [...(parts.accounts ?? []), anAccount({ scimId: 'X', address: at('b') })],
      }),
      aPolicy(),
    )
    expect(plan.changes).toEqual([])
    expect(plan.warnings.map((warning) => warning.code)).toEqual(['ADDRESS_TAKEN'])
  })

  test('random permutations of addresses are untied with one extra write per cycle', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }), (order) => {
        const moves = order.map((to, from): [string, string] => [`p${from}`, `p${to}`])
        const plan = buildPlan(aSnapshot(renamed(...moves)), aPolicy())
        expect(replay(plan.changes, moves)).toEqual(moves.map(([, to]) => at(to)))
        const cycles = cyclesOf(order)
        const moved = order.filter((to, from) => to !== from).length
        expect(writes(plan.changes)).toHaveLength(moved + cycles)
      }),
      { numRuns: 200 },
    )
  })
})

/** Makes the writes in order, as Zivver would: an address that somebody has is refused. */
function replay(changes: readonly Change[], moves: readonly [string, string][]): string[] {
  const addresses = moves.map(([from]) => at(from))
  const steps = changes
    .flatMap((change) => change.work.steps.map((step) => ({ change, step })))
    .sort((left, right) => left.step.position - right.step.position)
  for (const { change, step } of steps) {
    const wished = step.write.address
    if (wished === undefined) continue
    expect(addresses).not.toContain(wished)
    addresses[Number(change.scimId?.slice(1))] = wished
  }
  return addresses
}

function cyclesOf(order: readonly number[]): number {
  const seen = new Set<number>()
  let cycles = 0
  for (const start of order.keys()) {
    if (seen.has(start) || order[start] === start) continue
    cycles += 1
    for (let at = start; !seen.has(at); at = order[at] ?? start) seen.add(at)
  }
  return cycles
}

describe('delegates', () => {
  test('are created before the account that names them, and functional accounts after users', () => {
    const plan = buildPlan(
      aSnapshot({
        mailboxes: [
          aMailbox({ identifier: guid(1), primarySmtpAddress: at('a') }),
          aMailbox({ identifier: guid(2), primarySmtpAddress: at('b') }),
          aMailbox({
            identifier: guid(3),
            primarySmtpAddress: at('0-info'),
            recipientTypeDetails: 'SharedMailbox',
          }),
        ],
        delegates: {
          [guid(1)]: { delegates: [guid(2)] },
          [guid(3)]: { delegates: [guid(1)] },
        },
      }),
      aPolicy(),
    )
    expect(plan.changes.map((change) => change.address)).toEqual([at('b'), at('a'), at('0-info')])
  })

  test('that point at each other take one second write', () => {
    const plan = buildPlan(
      aSnapshot({
        mailboxes: [1, 2, 3].map((n) =>
          aMailbox({ identifier: guid(n), primarySmtpAddress: at(`p${n}`) }),
        ),
        delegates: {
          [guid(1)]: { delegates: [guid(2)] },
          [guid(2)]: { delegates: [guid(3)] },
          [guid(3)]: { delegates: [guid(1)] },
        },
      }),
      aPolicy(),
    )
    expect(writes(plan.changes).map((write) => write.split(' ')[0])).toEqual([
      'main',
      'main',
      'main',
      'delegate_ring',
    ])
  })

  test('that point at each other cost those who only wait for them no second write', () => {
    const plan = buildPlan(
      aSnapshot({
        mailboxes: ['a', 'b', 'ring1', 'ring2', 'z'].map((name, n) =>
          aMailbox({ identifier: guid(n + 1), primarySmtpAddress: at(name) }),
        ),
        delegates: {
          [guid(1)]: { delegates: [guid(2)] },
          [guid(2)]: { delegates: [guid(4), guid(5)] },
          [guid(3)]: { delegates: [guid(4)] },
          [guid(4)]: { delegates: [guid(3)] },
          [guid(5)]: { delegates: [guid(3)] },
        },
      }),
      aPolicy(),
    )
    const twice = plan.changes.filter(({ work }) => work.steps.length > 1)
    expect(twice.map(({ address }) => address)).toEqual([at('ring1')])
    expect(writes(plan.changes)).toHaveLength(6)
  })
})

test('suspensions come last', () => {
  const plan = buildPlan(
    aSnapshot({
      mailboxes: [aMailbox({ identifier: guid(1), primarySmtpAddress: at('new') })],
      accounts: [anAccount({ scimId: 'A', address: at('a') })],
    }),
    aPolicy(),
  )
  expect(plan.changes.map((change) => change.action)).toEqual(['create', 'suspend'])
})

test('the order of the input does not matter', () => {
  const parts = renamed(['a', 'b'], ['b', 'a'], ['c', 'd'], ['e', 'f'])
  const expected = buildPlan(aSnapshot(parts), aPolicy())
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
      const pick = <T>(list: readonly T[] = []): T[] => order.flatMap((index) => list[index] ?? [])
      const shuffled = {
        mailboxes: pick(parts.mailboxes),
        accounts: pick(parts.accounts),
        mappings: pick(parts.mappings),
      }
      expect(buildPlan(aSnapshot(shuffled), aPolicy())).toEqual(expected)
    }),
  )
})
