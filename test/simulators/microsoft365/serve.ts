/**
 * The simulated tenant as a process of its own:
 * `node test/simulators/microsoft365/serve.ts '{"tenant":{"seed":1,"mailboxes":1000}}'`
 * It prints one line of JSON with its addresses and ends with its parent.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import * as z from 'zod'
import { runStandalone } from '../shared/standalone.ts'
import { type BuiltTenant, buildTenant } from '../tenant/build-tenant.ts'
import type { TenantData } from '../tenant/model.ts'
import { Tenant } from '../tenant/tenant.ts'
import { startMicrosoft365 } from './microsoft365.ts'
import { settingsPatchSchema } from './settings.ts'

const argumentSchema = z.strictObject({
  port: z.int().default(0),
  seed: z.int().default(1),
  /** Options of `buildTenant`. */
  tenant: z.strictObject({
    seed: z.int(),
    mailboxes: z.int(),
    shared: z.int().exactOptional(),
    includedDomains: z.array(z.string()).exactOptional(),
    awkward: z.number().exactOptional(),
    delegatedUsers: z.number().exactOptional(),
    existingAccounts: z.number().exactOptional(),
  }),
  /** Where the tenant is kept: read when it is there, written when it is not, and on the action `save`. */
  tenantFile: z.string().optional(),
  settings: settingsPatchSchema.default({}),
  /** Latency of every HTTP call, and of every cmdlet. */
  callMs: z.number().default(0),
  cmdletMs: z.number().default(0),
  logBodies: z.boolean().default(true),
})

await runStandalone(async () => {
  const argument = argumentSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
  const built = loadOrBuild(argument)
  const { tenant, ...facts } = built
  const server = await startMicrosoft365({
    ...argument,
    tenant,
    actions: {
      /** What `buildTenant` gave besides the tenant: seed accounts, filter groups, included domains. */
      facts: () => facts,
      save: () => save(argument.tenantFile, built),
    },
  })
  server.latency.set(argument.callMs)
  server.cmdletLatency.set(argument.cmdletMs)
  const { url, exchangeUrl, graphUrl, environment } = server
  const { includedDomains, filterGroups } = facts
  return {
    announce: { url, exchangeUrl, graphUrl, environment, includedDomains, filterGroups },
    close: () => server.close(),
  }
})

function loadOrBuild({ tenant, tenantFile }: z.infer<typeof argumentSchema>): BuiltTenant {
  if (tenantFile !== undefined && existsSync(tenantFile)) {
    const stored = JSON.parse(readFileSync(tenantFile, 'utf8')) as StoredTenant
    return { ...stored, tenant: new Tenant(stored.tenant) }
  }
  const built = buildTenant(tenant)
  save(tenantFile, built)
  return built
}

type StoredTenant = Omit<BuiltTenant, 'tenant'> & { readonly tenant: TenantData }

function save(file: string | undefined, built: BuiltTenant): void {
  if (file !== undefined) writeFileSync(file, JSON.stringify(built))
}
