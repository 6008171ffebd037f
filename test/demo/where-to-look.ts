import { relative } from 'node:path'
import type { DemoData } from './demo-data.ts'
import type { DemoWorld } from './demo-world.ts'
import type { Section } from './what-happened.ts'

/** Addresses and files. No address holds the key: the dashboard asks for it, scripts send it as a header. */
export function whereToLook(world: DemoWorld, data: DemoData): Section {
  const { api, state, mail, microsoft365, zivver } = world
  const file = (name: string) => shortPath(data.path(name))
  const places = [
    ['Dashboard', `${api.url}/api/dashboard`, `it asks for the function key: ${state.functionKey}`],
    ['Report', file('report.html'), 'of the last sync; open it in a browser'],
    ['Mail', `${mail.url}/outbox`, `${mail.outbox().length} so far, to the administrators`],
    ['API', `${api.url}/api/openapi.json`, 'send the key as header x-functions-key'],
    ['Tables', file('settings.env'), 'has the connection string, for any table browser'],
    ['Zivver', `${zivver.origin}/__control/state`, 'every account as it is now'],
    ['Microsoft 365', `${microsoft365.url}/__control/state`, 'POST changes the tenant'],
    ['Log', file('host.log'), 'of the functions'],
  ] as const
  const width = (column: 0 | 1) => Math.max(...places.map((place) => place[column].length))
  return {
    heading: 'Where to look',
    lines: places.map(
      ([name, place, note]) => `${name.padEnd(width(0))}  ${place.padEnd(width(1))}  ${note}`,
    ),
  }
}

function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : fromHere
}

/** A change that somebody can make, to see the next run bring it over. */
export function whatToTry({ microsoft365, state }: DemoWorld): Section {
  const somebody = [...microsoft365.tenant.mailboxes.values()].find(
    ({ recipientTypeDetails, accountDisabled, externalDirectoryObjectId, primarySmtpAddress }) =>
      recipientTypeDetails === 'UserMailbox' &&
      !accountDisabled &&
      externalDirectoryObjectId !== '' &&
      primarySmtpAddress.endsWith(`@${state.includedDomains[0]}`),
  )
  const action = { action: 'disable', mailbox: somebody?.primarySmtpAddress }
  return {
    heading: 'What to try: somebody leaves. Then press Preview and Sync in the dashboard',
    lines: [`curl -d '${JSON.stringify(action)}' ${microsoft365.url}/__control/state`],
  }
}
