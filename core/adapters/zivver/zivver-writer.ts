import type { Account } from '../../model/account.ts'
import type { AccountKind } from '../../model/mailbox.ts'
import type { AccountWriter, MayBegin, ResolvedWrite, WriteAnswer } from '../../ports.ts'
import { parseJson } from '../http/http-client.ts'
import { differingAttributes } from './answer-check.ts'
import { createAttempts, updateAttempts } from './attempts.ts'
import { isRefusal } from './rate-hints.ts'
import { emptyMembersBody, resourceBody, type ScimBody } from './scim-bodies.ts'
import { type Rejection, readRejection } from './scim-errors.ts'
import { parseAttributes, type ScimAttributes, unwrapResource } from './scim-payloads.ts'
import { endpoint } from './scim-schemas.ts'
import { type CallEnd, describeEnd, type ZivverClient } from './zivver-client.ts'
import type { ZivverReader } from './zivver-reader.ts'

/** A longer wait for the rate limit ends the slice: it goes on in a later invocation. */
const patienceSeconds = 30

interface Write {
  readonly kind: AccountKind
  /** `null` for a create. */
  readonly scimId: string | null
  readonly method: 'POST' | 'PUT' | 'PATCH'
  readonly body: ScimBody
  /** What the answer is held against. */
  readonly sent: ResolvedWrite
}

/**
 * Zivver's accounts, written: one request a write and no read before it. What Zivver turns down is a value, for it
 * concerns one account; a refused key throws, for it concerns all.
 */
export class ZivverWriter implements AccountWriter {
  readonly #client: ZivverClient
  readonly #reader: ZivverReader

  constructor(client: ZivverClient, reader: ZivverReader) {
    this.#client = client
    this.#reader = reader
  }

  create(kind: AccountKind, write: ResolvedWrite, mayBegin: MayBegin): Promise<WriteAnswer> {
    const body = resourceBody(kind, write)
    return this.#write({ kind, scimId: null, method: 'POST', body, sent: write }, mayBegin)
  }

  update(
    kind: AccountKind,
    scimId: string,
    write: ResolvedWrite,
    mayBegin: MayBegin,
  ): Promise<WriteAnswer> {
    const body = resourceBody(kind, write)
    return this.#write({ kind, scimId, method: 'PUT', body, sent: write }, mayBegin)
  }

  emptyMembers(scimId: string, mayBegin: MayBegin): Promise<WriteAnswer> {
    return this.#write(
      {
        kind: 'functional',
        scimId,
        method: 'PATCH',
        body: emptyMembersBody(),
        sent: { members: [] },
      },
      mayBegin,
    )
  }

  findByAddress(kind: AccountKind, address: string, mayBegin: MayBegin): Promise<Account | null> {
    return this.#reader.find(kind, address, mayBegin)
  }

  async #write(write: Write, mayBegin: MayBegin): Promise<WriteAnswer> {
    const { kind, scimId, method, body } = write
    const operation = operationOf(write)
    const end = await this.#client.call({
      method,
      path: scimId === null ? endpoint[kind] : `${endpoint[kind]}/${encodeURIComponent(scimId)}`,
      operation,
      body,
      // PATCH is the one that Zivver's clients always send as SCIM (reference zivver 6.1).
      ...(method === 'PATCH' && { contentType: 'application/scim+json' }),
      attempts: scimId === null ? createAttempts : updateAttempts,
      patienceSeconds,
      mayBegin,
    })
    return writeAnswer(write, operation, end)
  }
}

function operationOf({ method, kind, scimId }: Write): string {
  return `${method} ${endpoint[kind]}${scimId === null ? '' : '/{id}'}`
}

function writeAnswer(write: Write, operation: string, end: CallEnd): WriteAnswer {
  if (end.kind === 'no_answer')
    return { status: 'unknown', message: describeEnd({ operation }, end) }
  const { status, text } = end.answer
  if (status >= 200 && status < 300) return confirm(write, operation, status, text)
  if (isRefusal(status)) {
    const message = `${describeEnd({ operation }, end)}; nothing was written`
    return { status: 'rejected', code: 'WRITE_REJECTED', message, aliasHint: null }
  }
  if (status >= 500) return { status: 'unknown', message: describeEnd({ operation }, end) }
  const rejection = readRejection({ operation, status, body: text, scimId: write.scimId })
  return mayBeOurOwn(write, end, rejection) ? madeBefore(rejection) : rejection
}

/**
 * A create that was sent again because a 429 or 503 said that it had not been executed, and whose addresses are taken
 * by now: something between us and Zivver may have said so of a create that was made (failure story 5).
 */
function mayBeOurOwn({ scimId }: Write, { attempts }: CallEnd, { code }: Rejection): boolean {
  return scimId === null && attempts > 1 && (code === 'ADDRESS_TAKEN' || code === 'ALIAS_TAKEN')
}

function madeBefore({ message }: Rejection): WriteAnswer {
  return { status: 'unknown', message: `${message}; the try before may have made the account` }
}

function confirm(write: Write, operation: string, status: number, text: string): WriteAnswer {
  const answered = attributesOf(write.kind, text)
  const differing = answered === null ? [] : differingAttributes(write.kind, write.sent, answered)
  if (differing.length > 0) {
    return {
      status: 'rejected',
      code: 'WRITE_NOT_CONFIRMED',
      message: `Zivver answered ${status} for ${operation} but shows other values than were written for ${differing.join(', ')}`,
      aliasHint: null,
    }
  }
  const scimId = write.scimId ?? answered?.scimId
  if (scimId !== undefined) return { status: 'done', scimId }
  // It happened, or not; its caller looks it up by address.
  return {
    status: 'unknown',
    message: `Zivver answered ${status} for ${operation} without the id of the new account`,
  }
}

/** What the answer shows of the account; `null` = nothing readable, a 204 among them. */
function attributesOf(kind: AccountKind, text: string): ScimAttributes | null {
  const parsed = parseAttributes(kind, unwrapResource(parseJson(text)))
  return parsed.ok ? parsed.value : null
}
