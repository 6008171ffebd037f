/** What the identity was granted, compared with what it needs: pure. */
import type { TokenRights } from '../ports.ts'
import { type NeededRight, neededRights } from './needed-rights.ts'

/** By the token of each API; `null` = the token cannot be read. */
export interface GrantedRights {
  readonly exchange: TokenRights | null
  readonly graph: TokenRights | null
}

export interface RightsComparison {
  readonly missing: readonly NeededRight[]
  /** Granted and not needed, in words; of one that stands in for a needed right it says which. */
  readonly superfluous: readonly string[]
  /** Needed rights of which the tokens say nothing. */
  readonly unknown: readonly NeededRight[]
}

/** Rights that allow what a needed one allows, and more. A directory role is named by its template id. */
const wider: Readonly<Record<string, readonly string[]>> = {
  'GroupMember.Read.All': [
    'Group.Read.All',
    'Group.ReadWrite.All',
    'GroupMember.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'User.Read.All': ['User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'Global Reader': ['29232cdf-9323-42fd-ade2-1d097af3e4de', '62e90394-69f5-4237-9190-012177145e10'],
}

const roleNames: Readonly<Record<string, string>> = {
  '29232cdf-9323-42fd-ade2-1d097af3e4de': 'Exchange Administrator',
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
}

/** Entra writes this into the tokens of applications that have no directory role at all. */
const roleOfEveryApplication = '0997a1d0-0d1d-4acb-b408-d5ca73121e90'

/** @param needed what is needed; the app's own list unless given */
export function compareRights(
  granted: GrantedRights,
  needed: readonly NeededRight[] = neededRights,
): RightsComparison {
  const held = heldOf(granted)
  const isUnknown = (right: NeededRight) => held.get(placeOf(right)) === undefined
  const readable = needed.filter((right) => !isUnknown(right))
  const missing = readable.filter((right) => {
    const here = held.get(placeOf(right)) ?? []
    return ![keyOf(right), ...(wider[right.name] ?? [])].some((key) => here.includes(key))
  })
  return {
    missing,
    superfluous: [...held].flatMap(([place, keys]) => superfluousOf(place, keys, needed)),
    unknown: needed.filter(isUnknown),
  }
}

export function titleOf(right: NeededRight): string {
  return right.kind === 'appRole' ? `${right.name} on ${right.resource}` : right.name
}

const directory = 'directory'

/** By place: the application id of an API, or the directory. What no token tells is left out. */
function heldOf({ exchange, graph }: GrantedRights): Map<string, readonly string[]> {
  const held = new Map<string, readonly string[]>()
  if (exchange !== null) held.set(exchangeAppId, exchange.appRoles)
  if (graph !== null) held.set(graphAppId, graph.appRoles)
  // Directory roles hold for every API, and stand in each token.
  const told = [exchange, graph].flatMap((token) =>
    token?.directoryRoles ? [token.directoryRoles] : [],
  )
  if (told.length > 0) held.set(directory, [...new Set(told.flat())])
  return held
}

const exchangeAppId = '00000002-0000-0ff1-ce00-000000000000'
const graphAppId = '00000003-0000-0000-c000-000000000000'
const placeNames: Readonly<Record<string, string>> = {
  [exchangeAppId]: ' on Office 365 Exchange Online',
  [graphAppId]: ' on Microsoft Graph',
  [directory]: '',
}

function placeOf(right: NeededRight): string {
  return right.kind === 'appRole' ? right.resourceAppId : directory
}

function keyOf(right: NeededRight): string {
  return right.kind === 'appRole' ? right.name : right.templateId
}

function superfluousOf(
  place: string,
  keys: readonly string[],
  needed: readonly NeededRight[],
): string[] {
  const here = needed.filter((right) => placeOf(right) === place)
  const own = new Set(here.map(keyOf))
  return keys
    .filter((key) => !own.has(key) && key !== roleOfEveryApplication)
    .map((key) => {
      const standIn = here.find(
        (right) => !keys.includes(keyOf(right)) && wider[right.name]?.includes(key),
      )
      const name = place === directory ? (roleNames[key] ?? `the Entra role ${key}`) : key
      const instead = standIn === undefined ? '' : ` (${standIn.name} would do)`
      return `${name}${placeNames[place]}${instead}`
    })
}
