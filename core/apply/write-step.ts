import { type ErrorCode, isSyncError } from '../errors.ts'
import { fold } from '../model/address.ts'
import type { ChangeError, JournalChange, WriteStep } from '../model/change.ts'
import type { AccountKind } from '../model/mailbox.ts'
import type { RefusedAlias } from '../model/mapping.ts'
import type { AccountWriter, MayBegin, ResolvedWrite, WriteAnswer } from '../ports.ts'

/** How one step ended. */
export type StepResult =
  | { readonly ok: true; readonly scimId: string; readonly refused: readonly RefusedAlias[] }
  /** `isUnanswered`: no answer came, however often it was asked. */
  | { readonly ok: false; readonly error: ChangeError; readonly isUnanswered: boolean }

export interface StepContext {
  readonly writer: AccountWriter
  readonly mayBegin: MayBegin
  /** ISO 8601 UTC, for refused aliases. */
  readonly now: () => string
  /** A create got no answer: until this step has its result, nobody knows whether it was made. */
  readonly onUnanswered: () => void
}

/**
 * Makes the write of one step. An alias that Zivver refuses by name is left out in a second try; a create without an
 * answer is looked up once by address before it is sent again (contract, section 9).
 * @param isUncertain the step may have been made by an executor that died: look before it is sent
 */
export async function writeStep(
  change: JournalChange,
  step: WriteStep,
  write: ResolvedWrite,
  isUncertain: boolean,
  context: StepContext,
): Promise<StepResult> {
  const first = await send(change, step, write, isUncertain, context)
  if (first.status !== 'rejected') return toResult(step, first, [])
  const alias = refusedAlias(change, write, first)
  if (alias === null) return toResult(step, first, [])
  const second = await send(change, step, withoutAlias(write, alias), false, context)
  const code = first.code === 'ALIAS_IS_GUEST' ? 'ALIAS_IS_GUEST' : 'ALIAS_TAKEN'
  const now = context.now()
  return toResult(step, second, [{ address: alias, code, firstRefusedAt: now, lastTriedAt: now }])
}

async function send(
  change: JournalChange,
  step: WriteStep,
  write: ResolvedWrite,
  isUncertain: boolean,
  context: StepContext,
): Promise<WriteAnswer> {
  const { writer, mayBegin } = context
  if (step.call === 'create') return create(change, write, isUncertain, context)
  const { scimId } = change
  if (scimId === null) {
    return {
      status: 'rejected',
      code: 'ACCOUNT_UNKNOWN',
      message: `the account ${change.address} has no SCIM id yet`,
      aliasHint: null,
    }
  }
  if (step.call === 'empty_members') return writer.emptyMembers(scimId, mayBegin)
  return update(change.kind, scimId, write, context)
}

/** Where every member had to be left out, the group is emptied: an empty list does not do it (reference/zivver.md Q4). */
async function update(
  kind: AccountKind,
  scimId: string,
  write: ResolvedWrite,
  { writer, mayBegin }: StepContext,
): Promise<WriteAnswer> {
  const { members, ...rest } = write
  if (members?.length !== 0) return writer.update(kind, scimId, write, mayBegin)
  if (Object.keys(rest).length > 0) {
    const answer = await writer.update(kind, scimId, rest, mayBegin)
    if (answer.status !== 'done') return answer
  }
  return writer.emptyMembers(scimId, mayBegin)
}

async function create(
  change: JournalChange,
  write: ResolvedWrite,
  isUncertain: boolean,
  context: StepContext,
): Promise<WriteAnswer> {
  const { kind } = change
  const { writer, mayBegin, onUnanswered } = context
  const earlier = isUncertain ? await lookUp(change, write, context) : null
  if (earlier !== null) return earlier
  const answer = await writer.create(kind, write, mayBegin)
  if (answer.status !== 'unknown') return answer
  onUnanswered()
  const made = await lookUp(change, write, context)
  if (made !== null) return made
  const repeated = await writer.create(kind, write, mayBegin)
  return repeated.status === 'unknown' ? uncertain(change, repeated.message) : repeated
}

/**
 * Looks for an account that a create without an answer may have made. An account is taken for ours when its kind and its `ExternalAccountId` are what we sent;
 * with `WRITE_IDENTIFIERS=False` that is none.
 * @returns `null` when there is no such account, so that the create may be sent
 */
async function lookUp(
  change: JournalChange,
  write: ResolvedWrite,
  { writer, mayBegin }: StepContext,
): Promise<WriteAnswer | null> {
  const address = write.address ?? change.address
  try {
    const found = await writer.findByAddress(change.kind, address, mayBegin)
    if (found === null) return null
    const sent = write.extension?.externalAccountId ?? null
    const isOurs = fold(found.externalAccountId ?? '') === fold(sent ?? '')
    if (found.kind === change.kind && isOurs) return { status: 'done', scimId: found.scimId }
    return uncertain(change, 'an account with this address exists, with another identifier')
  } catch (error) {
    if (isSyncError(error) && noUsableAnswer.has(error.code)) {
      return uncertain(change, error.message)
    }
    throw error
  }
}

// One answer that cannot be read must not end the run for all.
const noUsableAnswer: ReadonlySet<ErrorCode> = new Set(['TARGET_UNREACHABLE', 'TARGET_INCOMPLETE'])

function uncertain(change: JournalChange, detail: string): WriteAnswer {
  return {
    status: 'unknown',
    message: `it is uncertain whether ${change.address} was created: ${detail}`,
  }
}

function toResult(
  step: WriteStep,
  answer: WriteAnswer,
  refused: readonly RefusedAlias[],
): StepResult {
  switch (answer.status) {
    case 'done':
      return { ok: true, scimId: answer.scimId, refused }
    case 'rejected': {
      const { code, message } = answer
      return { ok: false, error: { code, message }, isUnanswered: false }
    }
    case 'unknown': {
      // Only of a create it matters whether it was made: any other write is simply made again by the next run.
      const code = step.call === 'create' ? 'CREATE_UNCERTAIN' : 'WRITE_NOT_CONFIRMED'
      return { ok: false, error: { code, message: answer.message }, isUnanswered: true }
    }
  }
}

/** The one alias that a rejection speaks of: named by its address, or the only one that the change adds. */
function refusedAlias(
  change: JournalChange,
  write: ResolvedWrite,
  answer: WriteAnswer & { readonly status: 'rejected' },
): string | null {
  if (answer.code !== 'ALIAS_IS_GUEST' && answer.code !== 'ALIAS_TAKEN') return null
  const aliases = write.extension?.aliases ?? []
  const hint = answer.aliasHint?.toLowerCase()
  if (hint !== undefined && aliases.includes(hint)) return hint
  const added = addedAliases(change).filter((alias) => aliases.includes(alias))
  return added.length === 1 ? (added[0] ?? null) : null
}

function addedAliases(change: JournalChange): readonly string[] {
  const field = change.fields.find(({ path }) => path === 'aliases')
  if (!Array.isArray(field?.after)) return []
  const before: readonly unknown[] = Array.isArray(field.before) ? field.before : []
  return (field.after as readonly string[]).filter((alias) => !before.includes(alias))
}

function withoutAlias(write: ResolvedWrite, alias: string): ResolvedWrite {
  if (write.extension === undefined) return write
  const aliases = write.extension.aliases.filter((other) => other !== alias)
  return { ...write, extension: { ...write.extension, aliases } }
}
