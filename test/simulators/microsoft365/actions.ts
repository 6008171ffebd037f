import * as z from 'zod'
import type { ControlActions } from '../shared/control.ts'
import type { Latency } from '../shared/latency.ts'
import { createRandom } from '../shared/random.ts'
import {
  addMember,
  deleteGroup,
  grantFullAccess,
  hideGroup,
  removeMember,
  renameGroup,
  revokeFullAccess,
  setMembers,
} from '../tenant/group-mutations.ts'
import {
  addAlias,
  convertMailbox,
  deleteMailbox,
  disableMailbox,
  enableMailbox,
  moveAlias,
  recreateMailbox,
  removeAlias,
  renameMailbox,
  restoreMailbox,
  setDisplayName,
  swapAddresses,
} from '../tenant/mailbox-mutations.ts'
import { randomMutations } from '../tenant/random-mutations.ts'
import type { Tenant } from '../tenant/tenant.ts'
import type { CmdletGate } from './exchange/cmdlet-gate.ts'
import { changeSettings, type Settings } from './settings.ts'
import type { TokenAuthority } from './token-authority.ts'

export interface Steered {
  readonly tenant: Tenant
  readonly settings: Settings
  readonly tokens: TokenAuthority
  readonly cmdletLatency: Latency
  readonly gate: CmdletGate
}

/** What `POST /__control/state` can do. Mailboxes and groups are named by any identity that fits exactly one. */
export function controlActions(steered: Steered): ControlActions {
  const { tenant, settings, tokens, gate } = steered
  return {
    settings: ({ patch }) => changeSettings(settings, patch),
    revoke_tokens: () => tokens.revokeAll(),
    cmdlet_latency: (input) => setCmdletLatency(steered.cmdletLatency, input),
    reset_load: () => gate.resetLoad(),
    export: () => tenant.toJSON(),
    mutate: (input) => {
      const { seed, count } = z.object({ seed: z.int(), count: z.int() }).parse(input)
      return { mutations: randomMutations(tenant, createRandom(seed), count) }
    },
    ...mailboxActions(tenant),
    ...groupActions(tenant),
  }
}

function setCmdletLatency(latency: Latency, input: unknown): void {
  const schema = z.object({
    ms: z.number(),
    jitterMs: z.number().optional(),
    cmdlet: z.string().optional(),
  })
  const { ms, jitterMs, cmdlet } = schema.parse(input)
  latency.set(ms, cmdlet === undefined ? undefined : { tags: { cmdlet } }, jitterMs)
}

type Input = Readonly<Record<string, unknown>>

const read = (input: Input, name: string): string =>
  z.string({ error: `${name} must be a text` }).parse(input[name])

function mailboxActions(tenant: Tenant): ControlActions {
  const mailbox = (input: Input, name = 'mailbox') => tenant.mailbox(read(input, name))
  return {
    rename: (input) => {
      const keepOldAsAlias = z.boolean().default(true).parse(input['keepOldAsAlias'])
      renameMailbox(tenant, mailbox(input), read(input, 'address'), { keepOldAsAlias })
    },
    swap: (input) => swapAddresses(tenant, mailbox(input), mailbox(input, 'other')),
    add_alias: (input) => addAlias(tenant, mailbox(input), read(input, 'alias')),
    remove_alias: (input) => removeAlias(tenant, mailbox(input), read(input, 'alias')),
    move_alias: (input) =>
      moveAlias(tenant, mailbox(input), mailbox(input, 'other'), read(input, 'alias')),
    display_name: (input) => setDisplayName(tenant, mailbox(input), read(input, 'displayName')),
    disable: (input) => disableMailbox(tenant, mailbox(input)),
    enable: (input) => enableMailbox(tenant, mailbox(input)),
    delete: (input) => deleteMailbox(tenant, mailbox(input)),
    restore: (input) => {
      const gone = tenant.softDeleted.get(read(input, 'exchangeGuid'))
      if (gone === undefined) throw new Error('no such soft-deleted mailbox')
      restoreMailbox(tenant, gone)
    },
    recreate: (input) => {
      const random = createRandom(z.int().parse(input['seed']))
      const displayName = z.string().optional().parse(input['displayName'])
      return recreateMailbox(tenant, mailbox(input), random, displayName)
    },
    convert: (input) => {
      const type = z.enum(['UserMailbox', 'SharedMailbox', 'RoomMailbox']).parse(input['type'])
      convertMailbox(tenant, mailbox(input), type)
    },
  }
}

function groupActions(tenant: Tenant): ControlActions {
  const group = (input: Input) => tenant.group(read(input, 'group'))
  const objectId = (name: string) => {
    const isGroup = tenant.groups.has(name) || tenant.objects.has(name)
    return isGroup ? name : tenant.mailbox(name).externalDirectoryObjectId
  }
  return {
    add_member: (input) => addMember(group(input), objectId(read(input, 'member'))),
    remove_member: (input) => removeMember(group(input), objectId(read(input, 'member'))),
    set_members: (input) => {
      const members = z.array(z.string()).parse(input['members'])
      setMembers(group(input), members.map(objectId))
    },
    rename_group: (input) => renameGroup(tenant, group(input), read(input, 'displayName')),
    delete_group: (input) => deleteGroup(tenant, group(input)),
    hide_group: (input) => hideGroup(group(input)),
    grant: (input) => {
      const mailbox = tenant.mailbox(read(input, 'mailbox'))
      return grantFullAccess(tenant, mailbox, objectId(read(input, 'trustee')))
    },
    revoke: (input) =>
      revokeFullAccess(tenant.mailbox(read(input, 'mailbox')), objectId(read(input, 'trustee'))),
  }
}
