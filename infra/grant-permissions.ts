/**
 * `npm run grant -- --principal-id <object id>`: for a Global Administrator. Says what was there, what it added and how
 * to take it away; a second run adds nothing. No sign-in app is made or left behind: it uses the administrator's own
 * token of the Azure CLI.
 */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { neededRights } from '../core/health/needed-rights.ts'
import { type Arguments, parseArguments, usage } from './grants/arguments.ts'
import { GraphApi } from './grants/graph-api.ts'
import {
  findIdentity,
  grantRight,
  type Identity,
  type Rights,
  readRights,
  revokeRight,
  titleOf,
} from './grants/identity-rights.ts'

export interface GrantServices {
  readonly api: GraphApi
  readonly print: (line: string) => void
}

/** Does what the command line says. @throws GraphRefusal where Graph says no */
export async function changeGrants(
  { api, print }: GrantServices,
  { principalId, mode, whatIf }: Omit<Arguments, 'graphUrl'>,
): Promise<void> {
  const identity = await findIdentity(api, principalId)
  print(`Identity: ${identity.displayName} (${identity.id})`)
  const rights = await readRights(api, identity, neededRights)
  describeHeld(rights, print)
  const change = mode === 'grant' ? grantMissing : revokeNeeded
  await change({ api, print }, identity, rights, whatIf)
  if (whatIf) print('Nothing was changed (--what-if).')
}

function describeHeld({ held }: Rights, print: GrantServices['print']): void {
  for (const { title, needed } of held) {
    print(
      `was there    ${title}${needed === null ? ' – not needed by Cloud Sync, left as it is' : ''}`,
    )
  }
}

async function grantMissing(
  { api, print }: GrantServices,
  identity: Identity,
  { missing }: Rights,
  whatIf: boolean,
): Promise<void> {
  for (const right of missing) {
    const outcome = whatIf ? 'would add' : await grantRight(api, identity, right)
    const shown = { 'would add': 'would add', granted: 'added', there: 'was there' }[outcome]
    print(`${shown.padEnd(12)} ${titleOf(right)}: ${right.reason}`)
  }
  if (missing.length === 0) return print('All rights were there: nothing to add.')
  print('To take them away: run this again with --revoke.')
  print(
    'A token lives up to a day: rights may take that long to work. /api/health says when they do.',
  )
}

async function revokeNeeded(
  { api, print }: GrantServices,
  _identity: Identity,
  { held }: Rights,
  whatIf: boolean,
): Promise<void> {
  const removable = held.filter(({ needed }) => needed !== null)
  for (const right of removable) {
    if (!whatIf) await revokeRight(api, right)
    print(`${(whatIf ? 'would remove' : 'removed').padEnd(12)} ${right.title}`)
  }
  print(
    removable.length === 0
      ? 'None of the rights is there: nothing to remove.'
      : 'To give them back: run this again without --revoke.',
  )
}

/** The token of whoever is signed in to the Azure CLI. */
async function tokenOfAzureCli(graphUrl: string): Promise<string> {
  const args = [
    'account',
    'get-access-token',
    '--resource',
    graphUrl,
    '--query',
    'accessToken',
    '-o',
    'tsv',
  ]
  try {
    const { stdout } = await promisify(execFile)('az', args)
    return stdout.trim()
  } catch {
    throw new Error(
      'The Azure CLI gave no token: run `az login` as a Global Administrator, or use Azure Cloud Shell.',
    )
  }
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(usage)
    return 0
  }
  try {
    const given = parseArguments(argv)
    const token = process.env['GRAPH_TOKEN'] ?? (await tokenOfAzureCli(given.graphUrl))
    const api = new GraphApi({ baseUrl: given.graphUrl, token, sleep })
    await changeGrants({ api, print: console.log }, given)
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    console.error('\nNothing more was done; it is safe to run this again. --help says how.')
    return 1
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
