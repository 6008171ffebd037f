import type { Answer } from '../shared/call.ts'
import type { Account, AccountKind } from './account.ts'
import type { Rules } from './address-rules.ts'
import type { Options } from './options.ts'
import { urns } from './payloads.ts'
import { refusals } from './refusal.ts'
import { resourceTypes, scimResource } from './resource.ts'

interface Page {
  readonly startIndex: number
  readonly accounts: readonly Account[]
}

/**
 * The answer of `GET /Users` and `GET /Groups` (RFC 7644 §3.4.2): whole, or in pages as the options say.
 * @throws Refusal for a filter other than by address
 */
export function listAccounts(rules: Rules, kind: AccountKind, query: URLSearchParams): Answer {
  const { options, organisation } = rules
  const found = findAccounts(rules, kind, query.get('filter'))
  const listed = found.slice(0, Math.max(0, found.length - options.missingFromLists))
  const { startIndex, accounts } = choosePage(listed, options.paging, query)
  const head = {
    schemas: [urns.listResponse],
    ...totalResults(found.length, options.totalResults),
    itemsPerPage: accounts.length,
    startIndex,
  }
  // Joined by hand: one JSON.stringify of 100,000 resources would hold all their objects at once.
  const resources = accounts.map((each) =>
    JSON.stringify(scimResource(each, organisation, options)),
  )
  return {
    status: 200,
    headers: { 'content-type': 'application/scim+json; charset=utf-8' },
    body: `${JSON.stringify(head).slice(0, -1)},"Resources":[${resources.join(',')}]}`,
  }
}

function findAccounts(
  { organisation }: Rules,
  kind: AccountKind,
  filter: string | null,
): readonly Account[] {
  if (filter === null) {
    return [...organisation.accounts.values()].filter((account) => account.kind === kind)
  }
  const attribute = resourceTypes[kind].address
  const address = new RegExp(`^\\s*${attribute}\\s+eq\\s+"([^"]*)"\\s*$`, 'i').exec(filter)?.[1]
  if (address === undefined) throw refusals.request(`filter: only ${attribute} eq "…" is supported`)
  const owner = organisation.ownerOf(address)
  const isFound = owner?.kind === kind && owner.address === address.toLowerCase()
  return isFound ? [owner] : []
}

function choosePage(
  accounts: readonly Account[],
  paging: Options['paging'],
  query: URLSearchParams,
): Page {
  if (paging.mode === 'whole') return { startIndex: 1, accounts }
  const startIndex = paging.mode === 'pages' ? (positive(query.get('startIndex')) ?? 1) : 1
  const size = Math.min(paging.size, positive(query.get('count')) ?? paging.size)
  return { startIndex, accounts: accounts.slice(startIndex - 1, startIndex - 1 + size) }
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : undefined
}

function totalResults(count: number, how: Options['totalResults']): { totalResults?: number } {
  if (how === 'absent') return {}
  return { totalResults: how === 'right' ? count : count + how }
}
