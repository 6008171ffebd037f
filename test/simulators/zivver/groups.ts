import { type Account, accountFrom, cleanAliases } from './account.ts'
import { checkAddresses, checkDivision, type Rules, resolveMembers } from './address-rules.ts'
import { type GroupBody, parseGroup, parsePatch, urns } from './payloads.ts'
import { refusals } from './refusal.ts'

/** The account that `POST /Groups` makes. @throws Refusal */
export function createGroup(rules: Rules, body: unknown): Account {
  const sent = parseGroup(body)
  if (sent.externalId === undefined) throw refusals.request('externalId: required')
  if (sent.displayName === undefined) throw refusals.request('displayName: required')
  const id = rules.organisation.newId()
  const blank = accountFrom({ id, kind: 'functional', address: sent.externalId })
  return checked(rules, undefined, changeGroup(rules, blank, sent))
}

/**
 * The account after `PUT /Groups/{id}`. What is absent stays; an extension that is there clears what it leaves out,
 * but for `aliases`. An empty `members` changes nothing (Q4).
 * @throws Refusal
 */
export function replaceGroup(rules: Rules, current: Account, body: unknown): Account {
  return checked(rules, current, changeGroup(rules, current, parseGroup(body)))
}

/**
 * The account after `PATCH /Groups/{id}`: `replace` of `members`, which an empty list does not empty (Q4), and
 * `remove`, which drops all members, even where its path names one (Q3).
 * @throws Refusal
 */
export function patchGroup(rules: Rules, current: Account, body: unknown): Account {
  let delegates = current.delegates
  for (const { op, path, value } of parsePatch(body).Operations) {
    if (op === 'remove' && /^members(\[.*\])?$/.test(path)) delegates = []
    else if (op === 'replace' && path === 'members' && value !== undefined) {
      delegates = value.length === 0 ? delegates : resolveMembers(rules, value)
    } else throw refusals.request(`unsupported operation ${op} on ${path}`)
  }
  return { ...current, delegates }
}

function checked(rules: Rules, current: Account | undefined, next: Account): Account {
  checkAddresses(rules, current, next)
  return next
}

function changeGroup(rules: Rules, current: Account, sent: GroupBody): Account {
  const address = (sent.externalId ?? current.address).toLowerCase()
  const division = sent[urns.enterpriseUser]?.division
  const next = {
    ...current,
    address,
    displayName: sent.displayName ?? current.displayName,
    division: division === undefined ? current.division : checkDivision(rules, division),
    delegates: sent.members?.length ? resolveMembers(rules, sent.members) : current.delegates,
    aliases: cleanAliases(current.aliases, address),
  }
  const extension = sent[urns.zivverGroup]
  if (extension === undefined) return next
  const { aliases, ExternalAccountId, ...otherExtension } = extension
  return {
    ...next,
    aliases: aliases ? cleanAliases(aliases, address) : next.aliases,
    externalAccountId: ExternalAccountId || null,
    otherExtension,
  }
}
