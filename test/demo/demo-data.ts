import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { buildTenant } from '../simulators/tenant/build-tenant.ts'
import { aliasesOf } from '../simulators/tenant/mailbox-mutations.ts'
import type { TenantData } from '../simulators/tenant/model.ts'
import type { Tenant } from '../simulators/tenant/tenant.ts'
import type { AccountSeed } from '../simulators/zivver/account.ts'
import { DemoError } from './demo-error.ts'

/** 0 = any free port. */
export interface Ports {
  readonly host: number
  readonly microsoft365: number
  readonly zivver: number
  readonly mail: number
}

/** What the simulated services hold. The app's own tables and queue are in the storage emulator's folder. */
export interface DemoState {
  readonly tenant: TenantData
  readonly accounts: readonly AccountSeed[]
  readonly includedDomains: readonly string[]
  /** Addresses of guests in Zivver: each is refused as an alias. */
  readonly guests: readonly string[]
  /** Where each service was last time; a run that was under way goes on only with the services that it began with. */
  readonly ports: Ports
  /** Asked for by the app's HTTP routes; kept, so that an open dashboard goes on after a restart. */
  readonly functionKey: string
  /** How often the demo was started on this data; the simulated Zivver draws the ids of new accounts from it. */
  readonly starts: number
}

const format = 1
const port = z.int().min(0).max(65_535)
const storedSchema = z.object({
  format: z.literal(format),
  tenant: z.looseObject({ tenantId: z.guid() }).transform((data) => data as unknown as TenantData),
  accounts: z.array(z.looseObject({ kind: z.enum(['user', 'functional']), address: z.string() })),
  includedDomains: z.array(z.string()),
  guests: z.array(z.string()),
  ports: z.object({ host: port, microsoft365: port, zivver: port, mail: port }),
  functionKey: z.string().min(1),
  starts: z.int().min(1),
})

/** The folder that a demo lives in. */
export class DemoData {
  readonly folder: string
  #saved = ''

  /** Makes the folder when it is not there. */
  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /**
   * What was saved, or a new tenant when nothing was.
   * @throws DemoError when there is something that this version cannot read
   */
  open(): { readonly isNew: boolean; readonly state: DemoState } {
    const text = this.#read()
    if (text === null) return { isNew: true, state: newState() }
    const parsed = storedSchema.safeParse(text)
    if (parsed.success) {
      return { isNew: false, state: { ...parsed.data, starts: parsed.data.starts + 1 } }
    }
    throw new DemoError(
      `${this.path('state.json')} cannot be read: remove ${this.folder} (npm run clean) and start again`,
    )
  }

  /** Replaces what was saved before, unless nothing has changed. The file is always whole. */
  save(state: DemoState): void {
    const text = JSON.stringify({ format, ...state })
    if (text === this.#saved) return
    const temporary = this.path('state.json.tmp')
    writeFileSync(temporary, text)
    renameSync(temporary, this.path('state.json'))
    this.#saved = text
  }

  /** @returns `null` when there is no file, `undefined` when it holds no JSON */
  #read(): unknown {
    let text: string
    try {
      text = readFileSync(this.path('state.json'), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
    try {
      return JSON.parse(text) as unknown
    } catch {
      return undefined
    }
  }
}

/** 120 mailboxes with every awkward case, and a Zivver that people filled by hand. */
function newState(): DemoState {
  const { tenant, accounts, includedDomains } = buildTenant({ seed: 7, mailboxes: 120 })
  return {
    tenant: tenant.toJSON(),
    accounts,
    includedDomains,
    guests: someAlias(tenant, includedDomains),
    // The port that the Functions host has everywhere.
    ports: { host: 7071, microsoft365: 0, zivver: 0, mail: 0 },
    functionKey: randomBytes(9).toString('base64url'),
    starts: 1,
  }
}

/** One alias that Zivver will refuse, because a guest has the address already. */
function someAlias(tenant: Tenant, includedDomains: readonly string[]): readonly string[] {
  const aliases = [...tenant.mailboxes.values()]
    .filter(({ recipientTypeDetails }) => recipientTypeDetails === 'UserMailbox')
    .flatMap(aliasesOf)
  return aliases
    .filter((alias) => includedDomains.some((domain) => alias.endsWith(`@${domain}`)))
    .slice(-1)
}
