import { describe, expect, test } from 'vitest'
import { bundleSchema } from '../../core/verify/bundle-schema.ts'
import { Pseudonyms } from '../../core/verify/pseudonyms.ts'
import { replay } from '../../core/verify/replay.ts'
import { makeBundle } from '../../core/verify/support-bundle.ts'
import { drawCircumstances } from '../properties/circumstances.ts'
import { World } from '../properties/world.ts'
import { createRandom } from '../simulators/shared/random.ts'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { randomMutations } from '../simulators/tenant/random-mutations.ts'

const flags = { reset_account_mapping: false, relink: [] }

function aWorld(seed: number): World {
  const random = createRandom(seed)
  const built = buildTenant({ seed, mailboxes: 40, awkward: 4, existingAccounts: 0.5 })
  return new World(random, built, drawCircumstances(random, built))
}

/** Writes a bundle of what the world's last preview was made from, and reads it again. */
function bundleOf({ lastPlanned }: World) {
  if (lastPlanned === null) return null
  const text = JSON.stringify(makeBundle({ ...lastPlanned, version: '0.1.0', key: 'thrown away' }))
  return { text, bundle: bundleSchema.parse(JSON.parse(text)) }
}

describe('a support bundle of a random tenant replays its plan, before and after changes', () => {
  test.each(Array.from({ length: 25 }, (_, at) => at + 1))('seed %i', async (seed) => {
    const world = aWorld(seed)
    for (const round of [0, 1]) {
      if (round > 0) {
        await world.sync(flags)
        randomMutations(world.tenant, createRandom(seed + 1000), 8)
      }
      await world.preview(flags)
      const made = bundleOf(world)
      if (made === null) continue
      const { missing, added, plan } = replay(made.bundle)
      expect({ round, missing, added }).toEqual({ round, missing: [], added: [] })
      expect(plan.changes).toHaveLength(made.bundle.plan.length)
    }
  })
})

test('nothing in it names anybody: no address, no name, no identifier, no domain', async () => {
  const world = aWorld(1)
  await world.preview(flags)
  const made = bundleOf(world)
  expect(made?.bundle.plan.length).toBeGreaterThan(10)
  const text = made?.text.toLowerCase() ?? ''
  const personal = [...world.tenant.mailboxes.values()].flatMap((mailbox) => [
    mailbox.displayName,
    mailbox.primarySmtpAddress,
    mailbox.externalDirectoryObjectId,
    mailbox.userPrincipalName,
  ])
  const words = [...personal, world.tenant.id, 'contoso', 'fabrikam'].filter(
    (word) => word.trim().length > 3,
  )
  expect(words.filter((word) => text.includes(word.toLowerCase()))).toEqual([])
})

test('a bundle whose plan is another one says which changes differ', async () => {
  const world = aWorld(1)
  await world.preview(flags)
  const { bundle } = bundleOf(world) ?? { bundle: null }
  if (bundle === null) throw new Error('the tenant of seed 1 can be read')
  const [first, ...rest] = bundle.plan
  const { missing, added } = replay({ ...bundle, plan: rest })
  expect([missing, added.length]).toEqual([[], 1])
  expect(added[0]).toContain(first?.address)
})

describe('a pseudonym', () => {
  const names = new Pseudonyms('key')
  test('is the same for the same text in any case, and another for another', () => {
    expect(names.text('Anna Vos')).toBe(names.text('anna vos'))
    expect(names.text('Anna Vos')).not.toBe(names.text('Anna Bos'))
    expect(new Pseudonyms('other').text('Anna Vos')).not.toBe(names.text('Anna Vos'))
  })

  test('keeps what a comparison sees: addresses of one domain, GUIDs, blanks', () => {
    const [, domain] = names.text('anna@contoso.example').split('@')
    expect(names.text('piet@contoso.example')).toMatch(new RegExp(`^u-\\w{12}@${domain}$`))
    expect(names.domain('CONTOSO.example')).toBe(domain)
    expect(names.text('3F0C8A52-6c1d-4a1e-9f55-0d7a4b8e2c11')).toMatch(
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    )
    expect(names.text('  ')).toBe('  ')
    expect(names.text(' Anna ')).toBe(` ${names.text('anna')} `)
    expect(names.rowKey('scim-17')).toBe(`scim-${names.text('17')}`)
  })
})
