import * as z from 'zod'
import type { Tenant } from '../../tenant/tenant.ts'
import type { ExchangeSettings } from '../settings.ts'
import type { Row } from './columns.ts'
import { badValue, CmdletFailure } from './errors.ts'
import { type Filterable, OpathError, type Predicate, parseOpath } from './opath.ts'

/** `CmdletInput` after its form was checked. */
export interface CmdletInput {
  readonly name: string
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface CmdletContext {
  readonly tenant: Tenant
  readonly settings: ExchangeSettings
}

/** All rows of an answer, before paging; `makeRow` is only called for those that a page shows. */
export interface CmdletOutput {
  readonly items: readonly unknown[]
  readonly rowMaker: (select: string | null) => (item: unknown) => Row
}

export interface Cmdlet {
  /** Names of the parameters that it knows; another one is a 400. */
  readonly parameters: readonly string[]
  /** @throws CmdletFailure */
  run(input: CmdletInput, context: CmdletContext): CmdletOutput
}

/** Output whose rows stay typed until they are written. */
export function output<T>(
  items: readonly T[],
  rowMaker: (select: string | null) => (item: T) => Row,
): CmdletOutput {
  return { items, rowMaker: rowMaker as CmdletOutput['rowMaker'] }
}

/** A parameter as text; `null` when absent, `null` or empty. @throws CmdletFailure for another type */
export function textOf({ parameters }: CmdletInput, name: string): string | null {
  const value = parameters[name] ?? ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') throw new CmdletFailure(badValue(name, JSON.stringify(value)))
  return value === '' ? null : value
}

/**
 * `Identity`. Exchange treats an empty one as if none had been given, which for `Get-Mailbox` means every mailbox
 * (reference 3.4, Safety).
 */
export const identityOf = (input: CmdletInput): string | null => textOf(input, 'Identity')

/** `RecipientTypeDetails`, one, a list or comma-separated, as a set of lower-case names; `null` = all. */
export function typesOf(input: CmdletInput, known: readonly string[]): ReadonlySet<string> | null {
  const value = input.parameters['RecipientTypeDetails']
  const list = z.array(z.string()).safeParse(value)
  const names = list.success ? list.data : textOf(input, 'RecipientTypeDetails')?.split(',')
  if (names === undefined) return null
  const wanted = new Set(names.map((name) => name.trim().toLowerCase()))
  const valid = new Set(known.map((name) => name.toLowerCase()))
  const stranger = [...wanted].find((name) => !valid.has(name))
  if (stranger !== undefined) throw new CmdletFailure(badValue('RecipientTypeDetails', stranger))
  return wanted
}

/** `Filter` as a predicate; everything passes without one. */
export function filterOf<T>(input: CmdletInput, filterable: Filterable<T>): Predicate<T> {
  const filter = textOf(input, 'Filter')
  if (filter === null) return () => true
  return guarded(filter, () => parseOpath(filter, filterable))
}

/** Runs something that may find fault with the filter, also only when it is applied. */
export function guarded<R>(filter: string | null, run: () => R): R {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof OpathError)) throw error
    throw new CmdletFailure({ ...badValue('Filter', filter), message: error.message })
  }
}
