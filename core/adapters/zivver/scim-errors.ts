/** What a refused write means: status and text to a code and a sentence that names the remedy (reference zivver 3d, 6.5). */
import type { WriteAnswer } from '../../ports.ts'
import { parseJson } from '../http/http-client.ts'

export type Rejection = Extract<WriteAnswer, { status: 'rejected' }>

interface KnownRefusal {
  /** Recognises the text; its first group, where it has one, is what the text names. */
  readonly pattern: RegExp
  readonly code: Rejection['code']
  readonly remedy: string
}

const unknownAccount = /unknown account(?: with uuid)?(?:\s*:?\s*["']?([^\s"',;]+))?/i

const knownRefusals: readonly KnownRefusal[] = [
  {
    pattern: /alias is a guest(?:\s*:?\s*["']?([^\s"',;]+))?/i,
    code: 'ALIAS_IS_GUEST',
    remedy: 'the alias already receives Zivver mail as a guest account: merge that guest account',
  },
  {
    pattern: /alias is already taken(?:\s+for)?(?:\s*:?\s*["']?([^\s"',;]+))?/i,
    code: 'ALIAS_TAKEN',
    remedy: 'the alias belongs to another Zivver account: merge it or remove the alias there',
  },
  {
    pattern: /account is outside the organi[sz]ation/i,
    code: 'ACCOUNT_OUTSIDE_ORGANIZATION',
    remedy: 'adopt the account into the organisation, or change its type where that differs',
  },
  {
    pattern: unknownAccount,
    code: 'ACCOUNT_UNKNOWN',
    remedy: 'the account is gone from Zivver; the next run reads the accounts again',
  },
  {
    pattern: /invalid division/i,
    code: 'DIVISION_INVALID',
    remedy: "create the organisational unit in Zivver or correct the account's unit there",
  },
  {
    pattern: /already (?:exists|taken|in use)|uniqueness|duplicate/i,
    code: 'ADDRESS_TAKEN',
    remedy: 'another Zivver account has this address, possibly as an alias: free the address there',
  },
]

const unknownRefusal: Pick<KnownRefusal, 'code' | 'remedy'> = {
  code: 'WRITE_REJECTED',
  remedy: 'nothing was written; correct the account or list it in the target filter',
}

const maxEchoedCharacters = 200

const unknownDelegate: Pick<KnownRefusal, 'code' | 'remedy'> = {
  code: 'WRITE_REJECTED',
  remedy: 'one of its delegates is gone from Zivver; the next run reads the accounts again',
}

export interface RefusedWrite {
  /** What was called, without ids: `PUT /Users/{id}`. */
  readonly operation: string
  readonly status: number
  /** The answer's body, secrets masked; at most a bounded single line of it is repeated. */
  readonly body: string
  /** The account that was written; `null` for a create. */
  readonly scimId: string | null
}

export function readRejection({ operation, status, body, scimId }: RefusedWrite): Rejection {
  const detail = upstreamText(body)
  const known = knownRefusals.find(({ pattern }) => pattern.test(detail))
  const { code, remedy } = namesAnotherAccount(detail, scimId)
    ? unknownDelegate
    : (known ?? conflictOf(status, scimId) ?? unknownRefusal)
  const said = detail === '' ? '' : ` (“${detail}”)`
  return {
    status: 'rejected',
    code,
    message: `Zivver answered ${status} for ${operation}${said}: ${remedy}`,
    aliasHint: known === undefined ? null : hintOf(known, detail),
  }
}

// A conflict without a known text can only be about the address; an id that is not found is gone (RFC 7644, section 3.12).
function conflictOf(status: number, scimId: string | null) {
  const code =
    status === 409 ? 'ADDRESS_TAKEN' : status === 404 && scimId !== null ? 'ACCOUNT_UNKNOWN' : null
  return knownRefusals.find((known) => known.code === code)
}

/** Whether a 400 for a read by id says that this account does not exist (quirk Q6). */
export function saysUnknownAccount(body: string, scimId: string): boolean {
  const detail = upstreamText(body)
  return unknownAccount.test(detail) && !namesAnotherAccount(detail, scimId)
}

function namesAnotherAccount(detail: string, scimId: string | null): boolean {
  const named = firstGroup(unknownAccount, detail)
  return named !== null && named !== scimId?.toLowerCase()
}

/**
 * The human part of an error body, JSON or not, as one line without control characters (reference zivver 6.5).
 * A web page in its place tells nothing about the account and gives `''`.
 */
export function upstreamText(body: string): string {
  const bounded = textOf(body)
    .slice(0, 4 * maxEchoedCharacters)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  if (bounded.startsWith('<')) return ''
  return bounded.length > maxEchoedCharacters
    ? `${bounded.slice(0, maxEchoedCharacters)}…`
    : bounded
}

function textOf(body: string): string {
  const json = parseJson(body)
  if (typeof json === 'string') return json
  if (typeof json !== 'object' || json === null) return body
  const fields = json as Readonly<Record<string, unknown>>
  const text = [fields['detail'], fields['message'], fields['error']].find(
    (field) => typeof field === 'string' && field !== '',
  )
  return typeof text === 'string' ? text : body
}

function hintOf({ pattern, code }: KnownRefusal, detail: string): string | null {
  if (code !== 'ALIAS_IS_GUEST' && code !== 'ALIAS_TAKEN') return null
  return firstGroup(pattern, detail)
}

function firstGroup(pattern: RegExp, detail: string): string | null {
  const named = pattern.exec(detail)?.[1]?.replace(/[.:)\]}>]+$/, '')
  return named ? named.toLowerCase() : null
}
