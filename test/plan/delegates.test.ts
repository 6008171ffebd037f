import { describe, expect, test } from 'vitest'
import type { Account } from '../../core/model/account.ts'
import type { Change } from '../../core/model/change.ts'
import type { Policy } from '../../core/model/plan.ts'
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

const anna = 'anna@contoso.example'
const bob = 'bob@contoso.example'
const cleo = 'cleo@contoso.example'

/** Anna's mailbox, on which Bob (`guid(2)`) has Full Access; the rest is given. */
function planFor(
  annas: Partial<Account>,
  others: SnapshotParts,
  { unknown = [], policy = {} }: { unknown?: string[]; policy?: Partial<Policy> } = {},
): readonly Change[] {
  return buildPlan(
    aSnapshot({
      ...others,
      mailboxes: [
        aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
        aMailbox({ identifier: guid(2), primarySmtpAddress: bob }),
        ...(others.mailboxes ?? []),
      ],
      accounts: [
        anAccount({ scimId: 'A', address: anna, externalAccountId: guid(1), ...annas }),
        ...(others.accounts ?? []),
      ],
      mappings: [aRow({ key: guid(1), scimId: 'A', address: anna }), ...(others.mappings ?? [])],
      delegates: { [guid(1)]: { delegates: [guid(2)], unknown } },
    }),
    aPolicy(policy),
  ).changes
}

const delegatesOf = (change: Change | undefined) =>
  change?.work.steps[0]?.write.extension?.delegates.map(({ address }) => address)

describe('a delegate without an account that can be named', () => {
  test('is not wished for while its address belongs to another account, run after run', () => {
    const holder = anAccount({ scimId: 'X', address: 'x@other.example', aliases: [bob] })
    expect(planFor({}, { accounts: [holder] })).toEqual([])
  })

  test('keeps nobody else from being removed where the target filter forbids its account', () => {
    const targetFilter = { addresses: new Set([bob]), domains: new Set<string>() }
    const cleos = anAccount({ scimId: 'C', address: cleo, externalAccountId: guid(3) })
    const changes = planFor(
      { delegates: [cleo] },
      {
        mailboxes: [aMailbox({ identifier: guid(3), primarySmtpAddress: cleo })],
        accounts: [cleos],
        mappings: [aRow({ key: guid(3), scimId: 'C', address: cleo })],
      },
      { policy: { targetFilter } },
    )
    expect(changes.map(({ fields }) => fields)).toEqual([
      [{ path: 'delegates', before: [cleo], after: [] }],
    ])
  })
})

describe('a delegate that is suspended', () => {
  const bobs = anAccount({ scimId: 'B', address: bob, externalAccountId: guid(2), active: false })
  const byHand: SnapshotParts = {
    accounts: [bobs],
    mappings: [aRow({ key: guid(2), scimId: 'B', address: bob })],
  }
  const byUs: SnapshotParts = {
    accounts: [bobs],
    mappings: [aRow({ key: guid(2), scimId: 'B', address: bob, active: false })],
  }

  test('is left out of a write that other attributes ask for: Zivver would refuse the whole', () => {
    const [change] = planFor({ delegates: [bob], aliases: ['old@contoso.example'] }, byHand)
    expect(change?.fields.map(({ path }) => path)).toEqual(['aliases'])
    expect(delegatesOf(change)).toEqual([])
  })

  test('does not shield another suspended one that has no right any more', () => {
    const gone = anAccount({ scimId: 'X', address: 'x@other.example', active: false })
    const [change] = planFor(
      { delegates: [bob, 'x@other.example'] },
      { ...byHand, accounts: [bobs, gone] },
    )
    expect(change?.fields).toMatchObject([{ path: 'delegates', after: [] }])
  })

  test('is named after it was reactivated, also where it is only kept', () => {
    const annas = { delegates: [bob], aliases: ['old@contoso.example'] }
    const changes = planFor(annas, byUs, { unknown: ['an ambiguous name'] })
    const [bobsChange, annasChange] = changes
    expect([bobsChange?.action, annasChange?.action]).toEqual(['reactivate', 'update'])
    expect(annasChange?.work.steps[0]?.after).toEqual([bobsChange?.work.steps[0]?.position])
    expect(delegatesOf(annasChange)).toEqual([bob])
  })

  test('is carried over after its reactivation where delegates are not read', () => {
    const changes = buildPlan(
      aSnapshot({
        mailboxes: [
          aMailbox({ identifier: guid(1), primarySmtpAddress: anna }),
          aMailbox({ identifier: guid(2), primarySmtpAddress: bob }),
        ],
        accounts: [anAccount({ scimId: 'A', address: anna, delegates: [bob] }), bobs],
        mappings: byUs.mappings ?? [],
        delegates: null,
      }),
      aPolicy({ delegates: false }),
    ).changes
    expect(changes.map(({ action }) => action)).toEqual(['reactivate', 'update'])
    expect(delegatesOf(changes[1])).toEqual([bob])
  })
})
