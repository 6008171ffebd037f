import { SyncError } from '../../errors.ts'
import { type Complete, sealComplete } from '../../model/complete.ts'
import type { DirectoryGroup, DirectoryMember } from '../../model/mailbox.ts'
import type { Directory } from '../../ports.ts'
import { type GraphAnswer, GraphClient, type GraphClientOptions } from './graph-client.ts'
import { graphForbidden, graphIncomplete, graphRefusal, refusalText } from './graph-errors.ts'
import { readCollection } from './graph-pages.ts'
import { GroupLoader } from './group-loader.ts'
import {
  type GroupPayload,
  groupPayload,
  groupProperties,
  memberPayload,
  objectPayload,
  parseGraphErrorCode,
} from './payloads.ts'

const selectGroup = `$select=${groupProperties.join(',')}`

/** Microsoft Graph as the core sees it. */
export function createGraphDirectory(options: GraphClientOptions): Directory {
  const client = new GraphClient(options)
  const groups = new GroupLoader({
    client,
    select: selectGroup,
    readRow: shownGroup,
    readOne: (id) => readGroup(client, id),
  })
  return {
    readGroup: (id) => groups.read(id),
    listMembers: (groupId) => listMembers(client, groupId),
    listMailGroups: () => listMailGroups(client),
    findObject: (text) => findObject(client, text),
  }
}

async function readGroup(client: GraphClient, id: string): Promise<DirectoryGroup | null> {
  const label = `GET /groups/${id}`
  const answer = await client.get(`/groups/${encodeURIComponent(id)}?${selectGroup}`, label)
  if (isNotFound(answer)) return null
  if (answer.status !== 200) throw graphRefusal(answer, label)
  return toGroup(readGroupPayload(answer.body, label))
}

/** Direct members only: the closure over nested groups is made where `NESTED_GROUPS` is known. */
async function listMembers(client: GraphClient, id: string): Promise<Complete<DirectoryMember>> {
  const path = `/groups/${encodeURIComponent(id)}/members?$select=id&$top=999`
  const label = `GET /groups/${id}/members`
  const readRow = readMember
  return sealComplete(
    await readCollection(client, path, { label, readRow, refusal: memberRefusal }),
  )
}

/** Missing rights end the run; any other refusal is about this one group. */
function memberRefusal(answer: GraphAnswer, label: string): SyncError {
  if (answer.status === 401 || answer.status === 403) return graphRefusal(answer, label)
  return new SyncError('SOURCE_FILTER_UNREADABLE', refusalText(answer, label))
}

async function listMailGroups(client: GraphClient): Promise<Complete<DirectoryGroup>> {
  const groups = await readCollection(client, `/groups?${selectGroup}&$top=999`, {
    label: 'GET /groups',
    readRow: readGroupPayload,
    refusal: graphRefusal,
  })
  return sealComplete(groups.filter(canHoldFullAccess).map(toGroup))
}

/** Microsoft 365 groups and mail-enabled security groups; a distribution group is no security principal. */
function canHoldFullAccess(group: GroupPayload): boolean {
  if (group.groupTypes.includes('Unified')) return true
  return group.mailEnabled === true && group.securityEnabled === true
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * By UPN or object id, with the rights that are granted anyway (`/directoryObjects` would need another). An address
 * that is no UPN, and any other name, is not found here: `Get-Recipient` knows those, and is asked next.
 */
async function findObject(client: GraphClient, text: string): Promise<DirectoryMember | null> {
  const key = text.trim()
  if (guid.test(key)) {
    return (await findBy(client, 'users', key)) ?? (await findBy(client, 'groups', key))
  }
  return /^[^\s@\\]+@[^\s@]+$/.test(key) ? findBy(client, 'users', key) : null
}

async function findBy(
  client: GraphClient,
  collection: 'users' | 'groups',
  key: string,
): Promise<DirectoryMember | null> {
  const label = `GET /${collection}/{id}`
  const answer = await client.get(`/${collection}/${encodeURIComponent(key)}?$select=id`, label)
  // A key that Graph takes for malformed (400) belongs to nobody either; it must not end the run.
  if (isNotFound(answer) || answer.status === 400) return null
  if (answer.status !== 200) throw graphRefusal(answer, label)
  const parsed = objectPayload.safeParse(answer.body)
  if (!parsed.success) throw graphIncomplete(label, 'the answer is no directory object')
  return { id: parsed.data.id, type: collection === 'users' ? 'user' : 'group' }
}

// A 404 without an error code is not Graph's own: a proxy, or a wrong GRAPH_URL.
function isNotFound(answer: GraphAnswer): boolean {
  return answer.status === 404 && parseGraphErrorCode(answer.body) !== null
}

function readMember(row: unknown, where: string): DirectoryMember {
  const parsed = memberPayload.safeParse(row)
  if (!parsed.success) throw graphIncomplete(where, 'a member has no id or no type')
  return { id: parsed.data.id, type: memberType(parsed.data['@odata.type']) }
}

function memberType(odataType: string): DirectoryMember['type'] {
  if (odataType === '#microsoft.graph.user') return 'user'
  return odataType === '#microsoft.graph.group' ? 'group' : 'other'
}

// Graph hides what may not be read by null, with status 200 (reference 5.2); every group has these three.
function readGroupPayload(row: unknown, where: string): GroupPayload {
  const parsed = groupPayload.safeParse(row)
  if (!parsed.success) throw graphIncomplete(where, 'the answer is no group')
  if (!isHidden(parsed.data)) return parsed.data
  throw graphForbidden(`Microsoft Graph hides the properties of group ${parsed.data.id} (${where})`)
}

function isHidden({ displayName, mailEnabled, securityEnabled }: GroupPayload): boolean {
  return (
    displayName === null || typeof mailEnabled !== 'boolean' || typeof securityEnabled !== 'boolean'
  )
}

/** A row of a collection as a group; `null` where it does not tell all of it. */
function shownGroup(row: unknown): DirectoryGroup | null {
  const { data } = groupPayload.safeParse(row)
  return data === undefined || isHidden(data) ? null : toGroup(data)
}

function toGroup(group: GroupPayload): DirectoryGroup {
  return {
    id: group.id,
    displayName: group.displayName ?? '',
    mail: group.mail,
    mailNickname: group.mailNickname,
    proxyAddresses: group.proxyAddresses,
    hiddenMembership: group.visibility?.toLowerCase() === 'hiddenmembership',
  }
}
