import { describe, expect, onTestFinished, test } from 'vitest'
import { createGraphDirectory } from '../../../core/adapters/graph/graph-directory.ts'
import { startMicrosoft365 } from '../../simulators/microsoft365/microsoft365.ts'
import type { SettingsPatch } from '../../simulators/microsoft365/settings.ts'
import { buildTenant } from '../../simulators/tenant/build-tenant.ts'
import { adapterOptions } from '../http/adapter-options.ts'

/** The port on a simulated tenant of 60 mailboxes, a few objects to a page. */
async function simulated(settings: SettingsPatch = {}) {
  const { tenant } = buildTenant({ seed: 7, mailboxes: 60, shared: 15 })
  const simulator = await startMicrosoft365({
    tenant,
    settings: { ...settings, graph: { maxPageSize: 4, ...settings.graph } },
  })
  onTestFinished(() => simulator.close())
  const token = simulator.token('graph')
  const directory = createGraphDirectory({
    ...adapterOptions(),
    tokens: { getToken: () => Promise.resolve(token), invalidate: () => undefined },
    baseUrl: simulator.graphUrl,
    concurrency: 8,
  })
  const groups = [...tenant.groups.values()].filter(({ exchangeOnly }) => !exchangeOnly)
  return { simulator, tenant, directory, groups }
}

describe('the directory is the whole tenant', () => {
  test.each<[string, SettingsPatch['graph']]>([
    ["with next links on the cloud's public host", { nextLinks: 'public' }],
    ['with next links on the configured base', { nextLinks: 'called' }],
    ['with an empty page in the middle', { emptyMiddlePage: true }],
    ['with objects on two pages', { duplicatesAcrossPages: true }],
  ])('%s', async (_, graph) => {
    const { directory, tenant, groups } = await simulated({ graph })
    for (const group of groups) {
      const members = await directory.listMembers(group.id)
      // v1.0 does not list service principals as members (reference 5.2).
      const listed = group.members.filter(
        (id) => tenant.objects.get(id)?.type !== 'servicePrincipal',
      )
      expect(members.map(({ id }) => id).sort()).toEqual(listed.sort())
    }
    const mailGroups = groups.filter(
      (group) =>
        group.groupTypes.includes('Unified') || (group.mailEnabled && group.securityEnabled),
    )
    const listed = await directory.listMailGroups()
    expect(listed.map(({ id }) => id).sort()).toEqual(mailGroups.map(({ id }) => id).sort())
  })

  test.each<[string, SettingsPatch['graph']]>([
    ['a foreign next link', { nextLinks: 'foreign' }],
    ['a repeated next link', { nextLinks: 'repeated' }],
  ])('or an error: %s', async (_, graph) => {
    const { directory } = await simulated({ graph })
    await expect(directory.listMailGroups()).rejects.toMatchObject({ code: 'SOURCE_INCOMPLETE' })
  })
})

test('objects are found by UPN and by id, and only they', async () => {
  const { directory, tenant, groups } = await simulated()
  const [mailbox] = [...tenant.mailboxes.values()]
  const user = { id: mailbox?.externalDirectoryObjectId, type: 'user' }
  expect(await directory.findObject(mailbox?.userPrincipalName ?? '')).toEqual(user)
  expect(await directory.findObject(user.id ?? '')).toEqual(user)
  expect(await directory.findObject(groups[0]?.id ?? '')).toEqual({
    id: groups[0]?.id,
    type: 'group',
  })
  expect(await directory.findObject('nobody@contoso.example')).toBeNull()
  expect(await directory.readGroup(user.id ?? '')).toBeNull()
})

test('without Graph permissions everything is a missing right, never an empty list', async () => {
  const { directory, tenant, groups } = await simulated({ rights: { graphRoles: [] } })
  const [mailbox] = [...tenant.mailboxes.values()]
  const asked = [
    directory.readGroup(groups[0]?.id ?? ''),
    directory.listMembers(groups[0]?.id ?? ''),
    directory.listMailGroups(),
    directory.findObject(mailbox?.userPrincipalName ?? ''),
  ]
  await Promise.all(
    asked.map((call) => expect(call).rejects.toMatchObject({ code: 'GRAPH_FORBIDDEN' })),
  )
})
