import * as z from 'zod'
import type { Answer } from '../../shared/call.ts'
import { CursorStore, firstPage, type Position, slicePage } from '../paging.ts'
import type { ExchangeSettings } from '../settings.ts'
import { audiences } from '../token-authority.ts'
import {
  type Cmdlet,
  type CmdletContext,
  type CmdletInput,
  type CmdletOutput,
  textOf,
} from './cmdlet.ts'
import {
  CmdletFailure,
  deadCursor,
  errorAnswer,
  invalidOperation,
  unknownParameter,
} from './errors.ts'
import { getMailbox } from './get-mailbox.ts'
import { getMailboxPermission } from './get-mailbox-permission.ts'
import { getRecipient } from './get-recipient.ts'

/** The cmdlets that a Global Reader has here. */
export const cmdlets: Readonly<Record<string, Cmdlet>> = {
  'Get-Mailbox': getMailbox,
  'Get-MailboxPermission': getMailboxPermission,
  'Get-Recipient': getRecipient,
}

/** One `InvokeCommand`, sent alone or as an item of a batch. */
export interface Invocation {
  /** `{tenant}` of the URL. */
  readonly organization: string
  readonly select: string | null
  readonly skipToken: string | null
  readonly body: unknown
  readonly prefer: string
  readonly anchor: string
  /** Affinity cookie of the caller, or the one that the answer will set. */
  readonly cookie: () => string
  /** `…/InvokeCommand` as called, for next links. */
  readonly calledUrl: string
}

interface Cursor {
  readonly input: string
  readonly output: CmdletOutput
  readonly position: Position
  readonly select: string | null
  readonly anchor: string
  readonly cookie: string
}

const bodySchema = z.object({
  CmdletInput: z.object({ CmdletName: z.string(), Parameters: z.record(z.string(), z.unknown()) }),
})

const tagSchema = z.object({
  CmdletInput: z.object({
    CmdletName: z.string(),
    Parameters: z.object({ Identity: z.string().catch('') }).catch({ Identity: '' }),
  }),
})

/** The cmdlet's name and identity in a body; both `''` when there is no cmdlet. */
export function namesIn(body: unknown): { readonly cmdlet: string; readonly identity: string } {
  const parsed = tagSchema.safeParse(body)
  if (!parsed.success) return { cmdlet: '', identity: '' }
  const { CmdletName, Parameters } = parsed.data.CmdletInput
  return { cmdlet: CmdletName, identity: Parameters.Identity }
}

/** Runs cmdlets and pages their output. */
export class CommandRunner {
  readonly #context: CmdletContext
  readonly #cursors = new CursorStore<Cursor>()

  constructor(context: CmdletContext) {
    this.#context = context
  }

  run(invocation: Invocation): Answer {
    try {
      return this.#page(invocation)
    } catch (error) {
      if (!(error instanceof CmdletFailure)) throw error
      return errorAnswer(error.error, this.#context.settings.errorShape)
    }
  }

  #page(invocation: Invocation): Answer {
    const input = parseInput(invocation.body)
    const key = JSON.stringify(invocation.body)
    const cursor =
      invocation.skipToken === null
        ? this.#begin(input, key, invocation)
        : this.#continue(invocation.skipToken, key, invocation)
    const page = pageSizes(input, invocation, cursor.output.items.length, this.#context.settings)
    const { rows, next } = slicePage(
      page.shown === null ? cursor.output.items : cursor.output.items.slice(0, page.shown),
      cursor.position,
      page.size,
      this.#context.settings,
    )
    const makeRow = cursor.output.rowMaker(cursor.select)
    const link = next === null ? null : this.#nextLink({ ...cursor, position: next }, invocation)
    const warns = page.warns === 'always' || (page.warns === 'at_the_end' && next === null)
    return this.#write(rows.map(makeRow), link, warns, invocation.organization)
  }

  #begin(input: CmdletInput, key: string, invocation: Invocation): Cursor {
    const cmdlet = cmdlets[input.name]
    if (cmdlet === undefined) throw new CmdletFailure(invalidOperation)
    const stranger = Object.keys(input.parameters).find((name) => !cmdlet.parameters.includes(name))
    if (stranger !== undefined) throw new CmdletFailure(unknownParameter(stranger))
    return {
      input: key,
      output: cmdlet.run(input, this.#context),
      position: firstPage,
      select: invocation.select,
      anchor: invocation.anchor,
      cookie: '',
    }
  }

  // A cursor lives on one backend server: the same anchor and cookie lead there (reference 3.6). With a custom domain
  // in the URL, or without an anchor, paging was seen to fail.
  #continue(token: string, key: string, invocation: Invocation): Cursor {
    const { settings, tenant } = this.#context
    const cursor = this.#cursors.get(token, settings.cursorSeconds)
    const isCustomDomain =
      invocation.organization.includes('.') && invocation.organization !== tenant.initialDomain
    const hasAnchor = invocation.anchor !== '' && invocation.anchor === cursor?.anchor
    const hasCookie = invocation.cookie() === cursor?.cookie
    const isRouted =
      settings.affinity === 'none' ||
      (hasAnchor && !isCustomDomain && (settings.affinity === 'anchor' || hasCookie))
    if (cursor === null || settings.cursors === 'refused' || !isRouted || cursor.input !== key) {
      throw new CmdletFailure(deadCursor)
    }
    return settings.selectSurvivesPaging ? cursor : { ...cursor, select: invocation.select }
  }

  #nextLink(cursor: Cursor, invocation: Invocation): string {
    const { settings } = this.#context
    const path = `/adminapi/beta/${invocation.organization}/InvokeCommand`
    const link = (base: string, token: string) => `${base}?%24skiptoken=${token}`
    if (settings.nextLinks === 'repeated' && invocation.skipToken !== null) {
      return link(invocation.calledUrl, invocation.skipToken)
    }
    const token = this.#cursors.open({ ...cursor, cookie: invocation.cookie() })
    if (settings.nextLinks === 'public') return link(`${audiences.exchange}${path}`, token)
    if (settings.nextLinks === 'foreign') return link(`https://fabrikam.example${path}`, token)
    return link(invocation.calledUrl, token)
  }

  #write(
    rows: readonly object[],
    nextLink: string | null,
    warns: boolean,
    organization: string,
  ): Answer {
    const { settings } = this.#context
    const link = nextLink ?? (settings.emptyNextLinkAtEnd ? '' : undefined)
    const body = {
      '@odata.context': `${audiences.exchange}/adminapi/beta/${organization}/$metadata#Collection(Exchange.GenericHashTable)`,
      ...(link === undefined ? {} : { '@odata.nextLink': link }),
      'adminapi.warnings@odata.type': '#Collection(String)',
      '@adminapi.warnings': warns ? [moreResults] : [],
      ...valueOf(rows, settings),
    }
    return { status: 200, headers: { 'content-type': contentType }, body: JSON.stringify(body) }
  }
}

const contentType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'
const moreResults =
  'There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.'

function parseInput(body: unknown): CmdletInput {
  const parsed = bodySchema.safeParse(body)
  if (!parsed.success) throw new CmdletFailure(invalidOperation)
  const { CmdletName: name, Parameters: parameters } = parsed.data.CmdletInput
  return { name, parameters }
}

/**
 * How many rows a page holds. A `ResultSize` below the number of rows (1000 when it is absent) shows that many, with
 * the warning and a next link, as measured once (reference 3.6, point 7).
 */
function pageSizes(
  input: CmdletInput,
  { prefer }: Invocation,
  total: number,
  settings: ExchangeSettings,
): { size: number; shown: number | null; warns: 'never' | 'always' | 'at_the_end' } {
  const asked = Number(/odata\.maxpagesize=(\d+)/i.exec(prefer)?.[1] ?? settings.maxPageSize)
  const size = Math.max(1, Math.min(asked, settings.maxPageSize))
  const resultSize = textOf(input, 'ResultSize') ?? '1000'
  const limit = /^unlimited$/i.test(resultSize) ? Infinity : Number(resultSize)
  if (settings.truncateAt !== null && total > settings.truncateAt) {
    return { size, shown: settings.truncateAt, warns: 'at_the_end' }
  }
  return { size: Math.min(size, limit), shown: null, warns: limit < total ? 'always' : 'never' }
}

function valueOf(rows: readonly object[], settings: ExchangeSettings): object {
  if (rows.length === 0) {
    return { empty: { value: [] }, null: { value: null }, missing: {} }[settings.noRows]
  }
  return { value: settings.singleRowAsObject && rows.length === 1 ? rows[0] : rows }
}
