import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { neededRights } from '../../core/health/needed-rights.ts'
import { changeGrants } from '../../infra/grant-permissions.ts'
import { parseArguments } from '../../infra/grants/arguments.ts'
import { GraphApi } from '../../infra/grants/graph-api.ts'
import { identityId } from '../simulators/arm-graph/directory.ts'
import { type GraphWriteSimulator, startGraphWrite } from '../simulators/arm-graph/server.ts'
import { fault } from '../simulators/shared/fault-rule.ts'

let graph: GraphWriteSimulator
let lines: string[]
let waits: number[]
beforeEach(async () => {
  graph = await startGraphWrite()
  lines = []
  waits = []
})
afterEach(() => graph.close())

const globalReader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'
const all = [
  'Exchange.ManageAsApp',
  'GroupMember.Read.All',
  'Member.Read.Hidden',
  'User.Read.All',
  globalReader,
]

async function run(mode: 'grant' | 'revoke', { whatIf = false, token = graph.options.token } = {}) {
  lines = []
  const sleep = async (ms: number) => void waits.push(ms)
  const api = new GraphApi({ baseUrl: graph.url, token, sleep })
  const services = { api, print: (line: string) => void lines.push(line) }
  await changeGrants(services, { principalId: identityId, mode, whatIf })
}
const writes = () => graph.log.count((entry) => entry.method !== 'GET')

test('every right is granted, with the reason printed; a second run finds all of them and writes nothing', async () => {
  await run('grant')
  expect(graph.directory.held()).toEqual(all)
  for (const { name, reason } of neededRights) {
    expect(lines.find((line) => line.startsWith('added') && line.includes(name))).toContain(reason)
  }
  expect(lines.join('\n')).toContain('--revoke')
  const before = writes()
  await run('grant')
  expect(writes()).toBe(before)
  expect(lines.filter((line) => line.startsWith('was there'))).toHaveLength(all.length)
  expect(lines.at(-1)).toBe('All rights were there: nothing to add.')
})

test('--what-if tells the same and writes nothing, for granting and for revoking', async () => {
  await run('grant', { whatIf: true })
  expect(lines.filter((line) => line.startsWith('would add'))).toHaveLength(all.length)
  expect(writes()).toBe(0)
  await run('grant')
  const before = writes()
  await run('revoke', { whatIf: true })
  expect(lines.filter((line) => line.startsWith('would remove'))).toHaveLength(all.length)
  expect(writes()).toBe(before)
})

test('--revoke takes away what Cloud Sync needs, and leaves what somebody else granted', async () => {
  graph.directory.give('Microsoft Graph', 'User.ReadWrite.All')
  await run('grant')
  expect(lines.join('\n')).toContain('not needed by Cloud Sync, left as it is')
  await run('revoke')
  expect(graph.directory.held()).toEqual(['User.ReadWrite.All'])
  await run('revoke')
  expect(lines.at(-1)).toBe('None of the rights is there: nothing to remove.')
})

test('what was granted by hand is kept and only the rest is added', async () => {
  graph.directory.give('Office 365 Exchange Online', 'Exchange.ManageAsApp')
  await run('grant')
  expect(lines).toContain('was there    Exchange.ManageAsApp on Office 365 Exchange Online')
  expect(lines.filter((line) => line.startsWith('added'))).toHaveLength(all.length - 1)
})

test('an identity that is too new to be everywhere is waited for, longer each time', async () => {
  graph.options.replicationMisses = 3
  await run('grant')
  expect(waits).toEqual([1000, 2000, 4000])
  expect(graph.directory.held()).toEqual(all)
})

test('an identity that does not exist ends in an error after the waits, and nothing is written', async () => {
  graph.options.replicationMisses = 100
  await expect(run('grant')).rejects.toThrow(/answered 404/)
  expect(waits).toHaveLength(7)
  expect(writes()).toBe(0)
})

test('a right that a stale list does not show is not granted twice: "already exists" is no error', async () => {
  graph.directory.give('Microsoft Graph', 'User.Read.All')
  graph.options.staleReads = 1
  await run('grant')
  expect(lines.find((line) => line.includes('User.Read.All'))).toMatch(/^was there/)
  expect(graph.directory.held()).toEqual(all)
})

test('throttling is waited out for as long as Graph asks', async () => {
  graph.faults.once({ method: 'POST' }, fault.status(429, {}, { 'retry-after': '7' }))
  await run('grant')
  expect(waits).toEqual([7000])
  expect(graph.directory.held()).toEqual(all)
})

test('an administrator without the right to grant is told what Graph said; no message holds the token', async () => {
  graph.options.isAdministrator = false
  await expect(run('grant')).rejects.toThrow(/403 \(Authorization_RequestDenied/)
  const token = 'another-token'
  const error = await run('grant', { token }).catch((caught: Error) => caught)
  expect(String(error)).toMatch(/401/)
  expect(String(error) + lines.join()).not.toContain(token)
})

test('the token does not follow a next page to another host', async () => {
  const foreign = { value: [], '@odata.nextLink': 'https://fabrikam.example/v1.0/more' }
  graph.faults.once({ path: 'appRoleAssignments$' }, fault.status(200, foreign))
  await expect(run('grant')).rejects.toThrow(/fabrikam.example/)
})

test('the command line wants the object id of the identity, and https', () => {
  expect(parseArguments(['--principal-id', identityId, '--what-if'])).toEqual({
    principalId: identityId,
    mode: 'grant',
    whatIf: true,
    graphUrl: 'https://graph.microsoft.com',
  })
  expect(() => parseArguments([])).toThrow(/--principal-id/)
  expect(() => parseArguments(['--principle-id', identityId])).toThrow(/principle/)
  expect(() =>
    parseArguments(['--principal-id', identityId, '--graph-url', 'http://fabrikam.example']),
  ).toThrow(/https/)
})

test('the script itself runs as an administrator runs it, and its end tells whether all went well', async () => {
  const script = fileURLToPath(new URL('../../infra/grant-permissions.ts', import.meta.url))
  const start = (token: string) =>
    promisify(execFile)(
      process.execPath,
      [script, '--principal-id', identityId, '--graph-url', graph.url],
      { env: { ...process.env, GRAPH_TOKEN: token } },
    )
  const { stdout } = await start(graph.options.token)
  // What the set-up page shows is what it prints.
  const setUp = readFileSync(new URL('../../docs/set-up.md', import.meta.url), 'utf8')
  expect(setUp).toContain(stdout)
  expect(graph.directory.held()).toEqual(all)
  await expect(start('wrong')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('safe to run this again'),
  })
})
