import { type Account, accountFrom, cleanAliases } from './account.ts'
import { checkAddresses, checkDivision, type Rules, resolveDelegates } from './address-rules.ts'
import { parseUser, type UserBody, urns } from './payloads.ts'
import { refusals } from './refusal.ts'

/**
 * The account that `POST /Users` makes. It is active, whatever was sent (Q8).
 * @throws Refusal
 */
export function createUser(rules: Rules, body: unknown): Account {
  const sent = parseUser(body)
  if (sent.userName === undefined) throw refusals.request('userName: required')
  if (sent.name?.formatted === undefined) throw refusals.request('name.formatted: required')
  const id = rules.organisation.newId()
  const blank = accountFrom({ id, kind: 'user', address: sent.userName })
  const { SsoAccountKey } = sent[urns.zivverUser] ?? {}
  return {
    ...checked(rules, undefined, changeUser(rules, blank, sent)),
    active: true,
    ssoAccountKey: SsoAccountKey ?? null,
    ssoBroken: false,
  }
}

/**
 * The account after `PUT /Users/{id}`. What is absent stays. Inside a present Zivver extension: `aliases` and
 * `delegates` replace the whole list, or stay when absent; `ExternalAccountId` and unknown attributes are cleared
 * when absent (Q10); the SSO key must be there, else single sign-on breaks (Q1).
 * @throws Refusal
 */
export function replaceUser(rules: Rules, current: Account, body: unknown): Account {
  return checked(rules, current, changeUser(rules, current, parseUser(body)))
}

function checked(rules: Rules, current: Account | undefined, next: Account): Account {
  checkAddresses(rules, current, next)
  return next
}

function changeUser(rules: Rules, current: Account, sent: UserBody): Account {
  const address = (sent.userName ?? current.address).toLowerCase()
  const { formatted, ...otherName } = sent.name ?? {}
  const division = sent[urns.enterpriseUser]?.division
  const next = {
    ...current,
    address,
    displayName: formatted ?? current.displayName,
    otherName: sent.name === undefined ? current.otherName : otherName,
    active: sent.active ?? current.active,
    phoneNumbers: sent.phoneNumbers ?? current.phoneNumbers,
    division: division === undefined ? current.division : checkDivision(rules, division),
    aliases: cleanAliases(current.aliases, address),
  }
  return changeExtension(rules, next, sent[urns.zivverUser])
}

function changeExtension(
  rules: Rules,
  current: Account,
  extension: UserBody[typeof urns.zivverUser],
): Account {
  if (extension === undefined) return current
  const { aliases, delegates, ExternalAccountId, SsoAccountKey, ...otherExtension } = extension
  const hasKey = SsoAccountKey !== undefined && SsoAccountKey !== null
  return {
    ...current,
    aliases: aliases ? cleanAliases(aliases, current.address) : current.aliases,
    delegates: delegates ? resolveDelegates(rules, delegates) : current.delegates,
    externalAccountId: ExternalAccountId || null,
    ssoAccountKey: hasKey ? SsoAccountKey : current.ssoAccountKey,
    ssoBroken: hasKey ? false : current.ssoBroken || current.ssoAccountKey !== null,
    otherExtension,
  }
}
