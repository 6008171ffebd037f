/** What no simulator can show about Exchange Online (reference exchange-and-graph, section 11). */
import * as z from 'zod'
import { readGroupNames } from './group-trustees.ts'
import type { ExchangeAnswer, ExchangeAsk, TenantProbe } from './probe.ts'
import { shapeOf } from './trustee-shape.ts'
import { judged, type Question } from './verdict.ts'

const row = z.looseObject({ ExternalDirectoryObjectId: z.string().nullish() })
const page = z.object({
  value: z.array(row).nullish(),
  '@odata.nextLink': z.string().nullish(),
})
const permissions = z.object({
  value: z.array(
    z.looseObject({
      User: z.string().nullish(),
      IsInherited: z.union([z.boolean(), z.string()]).nullish(),
    }),
  ),
})
const batch = z.object({ responses: z.array(z.looseObject({ status: z.coerce.number() })) })

const columns = ['ExternalDirectoryObjectId', 'RecipientTypeDetails']
const firstPage: ExchangeAsk = {
  cmdlet: 'Get-Mailbox',
  parameters: { ResultSize: 'Unlimited' },
  select: columns,
  pageSize: 2,
}
const nobody = '00000000-0000-0000-0000-000000000000'
const sharedAtMost = 25

export function exchangeQuestions(probe: TenantProbe): Question[] {
  return [
    {
      id: 'exchange.paging',
      assumption:
        'A page of mailboxes is followed by POST to its next link, with the same body, anchor and cookies; other mailboxes come.',
      ask: () => askPaging(probe),
    },
    {
      id: 'exchange.select',
      assumption: 'The columns that were asked for are kept on the next page.',
      ask: () => askSelect(probe),
    },
    {
      id: 'exchange.not_found',
      assumption:
        'A mailbox that is not there is a definite answer (404, or an error that says so).',
      ask: async () => {
        const { status, json } = await probe.exchange({
          cmdlet: 'Get-Mailbox',
          parameters: { Identity: nobody },
        })
        const saysSo = /ManagementObjectNotFound|couldn't be found/i.test(
          JSON.stringify(json ?? ''),
        )
        return judged(status === 404 || saysSo, { status, says_not_found: saysSo })
      },
    },
    {
      id: 'exchange.batch',
      assumption: 'A $batch answers each of its cmdlets. (Whether it is faster, the app measures.)',
      ask: () => askBatch(probe),
    },
    {
      id: 'exchange.trustee_text',
      assumption:
        'Who has Full Access is named by an address, an id, a SID or a name, groups too. (A name that several have is unknown to the app: it removes nobody.)',
      ask: () => askTrusteeTexts(probe),
    },
  ]
}

interface Pages {
  readonly first: z.output<typeof page>
  readonly second: ExchangeAnswer | null
}

/** A page of two, and the one behind it. */
async function twoPages(
  probe: TenantProbe,
  options: Pick<ExchangeAsk, 'anchor'> & { cookies: boolean },
): Promise<Pages> {
  const { anchor = true, cookies } = options
  const answer = await probe.exchange({ ...firstPage, anchor })
  const first = page.safeParse(answer.json).data ?? {}
  const link = first['@odata.nextLink'] ?? ''
  if (link === '') return { first, second: null }
  const cookie = cookies ? { cookie: answer.cookie } : {}
  return { first, second: await probe.exchange({ ...firstPage, anchor, link, ...cookie }) }
}

async function askPaging(probe: TenantProbe) {
  const { first, second } = await twoPages(probe, { cookies: true })
  const before = idsOf(first)
  if (second === null) return judged(null, { mailboxes: before.length, next_link: false })
  const after = idsOf(page.safeParse(second.json).data ?? {})
  const isNew = after.length > 0 && after.every((id) => !before.includes(id))
  const [noCookies, noAnchor] = [
    await twoPages(probe, { cookies: false }),
    await twoPages(probe, { cookies: false, anchor: false }),
  ]
  return judged(second.status === 200 && isNew, {
    status: second.status,
    rows: after.length,
    other_mailboxes: isNew,
    status_without_cookies: noCookies.second?.status ?? null,
    status_without_cookies_and_anchor: noAnchor.second?.status ?? null,
  })
}

function idsOf({ value }: z.output<typeof page>): string[] {
  return (value ?? []).map((each) => each.ExternalDirectoryObjectId ?? '')
}

async function askSelect(probe: TenantProbe) {
  const { second } = await twoPages(probe, { cookies: true })
  const [one] = page.safeParse(second?.json).data?.value ?? []
  if (one === undefined) return judged(null, {})
  const names = Object.keys(one).filter((name) => !name.includes('@'))
  return judged(names.length === columns.length, { columns: names.length, asked: columns.length })
}

async function sharedMailboxes(probe: TenantProbe): Promise<string[]> {
  const { json } = await probe.exchange({
    cmdlet: 'Get-Mailbox',
    parameters: { ResultSize: sharedAtMost, RecipientTypeDetails: ['SharedMailbox'] },
    select: columns,
    pageSize: sharedAtMost,
  })
  return idsOf(page.safeParse(json).data ?? {}).filter((id) => id !== '')
}

function permissionsOf(identity: string): ExchangeAsk {
  return { cmdlet: 'Get-MailboxPermission', parameters: { Identity: identity } }
}

async function askBatch(probe: TenantProbe) {
  const asks = (await sharedMailboxes(probe)).slice(0, 4).map(permissionsOf)
  const [one] = asks
  if (one === undefined) return judged(null, { mailboxes: 0 })
  const single = await probe.exchange(one)
  const answer = await probe.exchangeBatch(asks)
  const items = batch.safeParse(answer.json).data?.responses ?? []
  return judged(answer.status === 200 && items.length === asks.length, {
    status: answer.status,
    items: asks.length,
    answered: items.length,
    statuses: [...new Set(items.map(({ status }) => String(status)))],
    milliseconds: Math.round(answer.durationMs),
    milliseconds_of_one: Math.round(single.durationMs),
  })
}

async function askTrusteeTexts(probe: TenantProbe) {
  const groupNaming = await readGroupNames(probe)
  const counts = new Map<string, number>()
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  const mailboxes = await sharedMailboxes(probe)
  for (const identity of mailboxes) {
    const { json } = await probe.exchange(permissionsOf(identity))
    for (const { User, IsInherited } of permissions.safeParse(json).data?.value ?? []) {
      const shape = shapeOf(User ?? '')
      if (String(IsInherited).toLowerCase() === 'true' || shape === 'self') continue
      count(shape)
      const naming = groupNaming(User ?? '')
      if (naming !== null) count(`group_by_${naming}`)
    }
  }
  const evidence = { mailboxes: mailboxes.length, ...Object.fromEntries(counts) }
  return judged(counts.size === 0 ? null : !counts.has('empty'), evidence)
}
