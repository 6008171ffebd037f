import type { Settings } from '../../core/config.ts'
import type { Random } from '../simulators/shared/random.ts'
import type { BuiltTenant } from '../simulators/tenant/build-tenant.ts'
import { drawSettings } from './draw.ts'
import { allProtections } from './protections.ts'
import { SimTenant } from './sim-tenant.ts'
import { SimWorld, type WorldOptions } from './sim-world.ts'

type CalmOptions = Partial<Omit<WorldOptions, 'tenant' | 'accounts' | 'settings'>> & {
  readonly random: Random
  readonly built: BuiltTenant
  /** In place of drawn ones. */
  readonly settings: Partial<Settings>
}

/** A world in which nothing happens but what a test lets happen: one host, and clocks that agree. */
export function calmWorld({ random, built, settings, ...options }: CalmOptions): SimWorld {
  return new SimWorld({
    hosts: 1,
    sendsMail: true,
    clocksAgree: true,
    protections: allProtections,
    guests: [],
    witness: () => undefined,
    ...options,
    random,
    tenant: new SimTenant(built.tenant),
    accounts: built.accounts,
    settings: { ...drawSettings(random, built), ...settings },
  })
}
