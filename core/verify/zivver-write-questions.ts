/**
 * What only a write can show (reference zivver, section 9), on one throw-away user account that the administrator names.
 * Each question leaves the account as it was.
 */
import * as z from 'zod'
import type { ProbeAnswer, TenantProbe } from './probe.ts'
import { judged, type Question } from './verdict.ts'

const extensionName = 'urn:ietf:params:scim:schemas:zivver:0.1:User'
const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User', extensionName]
const user = z.looseObject({
  id: z.string(),
  userName: z.string(),
  active: z.boolean(),
  [extensionName]: z.looseObject({
    aliases: z.array(z.string()).nullish(),
    ExternalAccountId: z.string().nullish(),
  }),
})
type User = z.output<typeof user>

const someGuid = '5f0c1d2e-0000-4000-8000-00000000face'

const titles = {
  'write.without_sso_key':
    'A PUT of the extension without SsoAccountKey is accepted. (Whether the login survives, a person must try.)',
  'write.identifier': 'ExternalAccountId is stored as it is sent, and can be taken back.',
  'write.reactivate': 'A suspended user becomes active again by a PUT of active alone.',
  'write.alias_is_primary': 'An alias that is the primary address is refused, or changes nothing.',
} as const
type Title = keyof typeof titles

/** @param address of the throw-away account; `null` = nothing may be written, and nothing is asked */
export function zivverWriteQuestions(probe: TenantProbe, address: string | null): Question[] {
  const asks: Record<Title, (account: Account) => Promise<ReturnType<typeof judged>>> = {
    'write.without_sso_key': askWithoutSsoKey,
    'write.identifier': askIdentifier,
    'write.reactivate': askReactivation,
    'write.alias_is_primary': askPrimaryAlias,
  }
  return (Object.keys(titles) as Title[]).map((id) => ({
    id,
    assumption: titles[id],
    ask: async () => {
      if (address === null) return { verdict: 'not_asked', evidence: {} }
      const account = await openAccount(probe, address)
      if (account === null) return judged(null, { account_found: false })
      try {
        return await asks[id](account)
      } finally {
        await account.restore()
      }
    },
  }))
}

interface Account {
  readonly before: User
  readonly put: (part: Readonly<Record<string, unknown>>) => Promise<ProbeAnswer>
  /** Writes the extension as it was, with some attributes changed. */
  readonly putExtension: (change: Readonly<Record<string, unknown>>) => Promise<ProbeAnswer>
  readonly read: () => Promise<User | undefined>
  readonly restore: () => Promise<void>
}

async function openAccount(probe: TenantProbe, address: string): Promise<Account | null> {
  const filter = encodeURIComponent(`userName eq "${address.replaceAll(/["\\]/g, '')}"`)
  const found = await probe.zivver('GET', `/Users?filter=${filter}`)
  const list = z.looseObject({ Resources: z.array(z.unknown()) }).safeParse(found.json).data
  // A server that does not know the filter gives everybody.
  const before = (list?.Resources ?? [])
    .flatMap((resource) => user.safeParse(resource).data ?? [])
    .find(({ userName }) => userName.toLowerCase() === address.toLowerCase())
  if (before === undefined) return null
  const path = `/Users/${encodeURIComponent(before.id)}`
  const put = (part: Readonly<Record<string, unknown>>) =>
    probe.zivver('PUT', path, { schemas, ...part })
  const putExtension = (change: Readonly<Record<string, unknown>>) =>
    put({ [extensionName]: { ...before[extensionName], ...change } })
  const readAccount = async () => user.safeParse((await probe.zivver('GET', path)).json).data
  return {
    before,
    put,
    putExtension,
    read: readAccount,
    restore: async () => {
      const { aliases, ExternalAccountId } = before[extensionName]
      const asBefore = (empty: string | null) =>
        putExtension({ aliases: aliases ?? [], ExternalAccountId: ExternalAccountId ?? empty })
      await asBefore('')
      await put({ active: before.active })
      // A server that does not take an empty text for none. Reading comes last: it is refused while a run is active.
      const now = await readAccount()
      if (!ExternalAccountId && now?.[extensionName].ExternalAccountId) await asBefore(null)
    },
  }
}

async function askWithoutSsoKey({ putExtension, read, before }: Account) {
  const { status } = await putExtension({})
  const after = await read()
  const isSame = JSON.stringify(after?.[extensionName]) === JSON.stringify(before[extensionName])
  return judged(isOk(status) && isSame, { status, extension_as_before: isSame })
}

async function askIdentifier({ putExtension, read }: Account) {
  const stored = async () => (await read())?.[extensionName].ExternalAccountId ?? ''
  const set = await putExtension({ ExternalAccountId: someGuid })
  const isStored = (await stored()) === someGuid
  await putExtension({ ExternalAccountId: undefined })
  const isKept = (await stored()) === someGuid
  const byNull = await putExtension({ ExternalAccountId: null })
  const isClearedByNull = (await stored()) === ''
  await putExtension({ ExternalAccountId: someGuid })
  const byEmpty = await putExtension({ ExternalAccountId: '' })
  const isClearedByEmpty = (await stored()) === ''
  return judged(isOk(set.status) && isStored && (isClearedByNull || isClearedByEmpty), {
    status: set.status,
    stored_as_sent: isStored,
    kept_when_absent: isKept,
    status_of_null: byNull.status,
    cleared_by_null: isClearedByNull,
    status_of_empty: byEmpty.status,
    cleared_by_empty: isClearedByEmpty,
  })
}

async function askReactivation({ put, read }: Account) {
  const off = await put({ active: false })
  const suspended = (await read())?.active === false
  const on = await put({ active: true })
  const active = (await read())?.active === true
  const evidence = { status_off: off.status, suspended, status_on: on.status, active }
  return judged(suspended && active, evidence)
}

async function askPrimaryAlias({ putExtension, read, before }: Account) {
  const aliases = [...(before[extensionName].aliases ?? []), before.userName]
  const { status } = await putExtension({ aliases })
  const after = (await read())?.[extensionName].aliases ?? []
  const isListed = after.some((alias) => alias.toLowerCase() === before.userName.toLowerCase())
  return judged(!isListed, { status, listed_as_alias: isListed })
}

function isOk(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}
