/** Rights, and what Microsoft Graph shows with them. */
import * as z from 'zod'
import { compareRights, titleOf } from '../health/rights.ts'
import type { TenantProbe } from './probe.ts'
import { judged, type Question } from './verdict.ts'

const groups = z.object({
  value: z.array(
    z.looseObject({
      id: z.string(),
      displayName: z.string().nullish(),
      mailEnabled: z.boolean().nullish(),
      visibility: z.string().nullish(),
    }),
  ),
  '@odata.nextLink': z.string().nullish(),
})
const columns = '$select=id,displayName,mail,mailEnabled,securityEnabled,proxyAddresses,visibility'

export function directoryQuestions(probe: TenantProbe): Question[] {
  return [
    {
      id: 'rights.granted',
      assumption: 'The identity has the rights that are needed, and no others.',
      ask: () => askRights(probe),
    },
    {
      id: 'graph.paging',
      assumption: 'Groups come in pages that are followed by their next link; other groups come.',
      ask: async () => {
        const first = await probe.graph(`/groups?${columns}&$top=2`)
        const { value = [], '@odata.nextLink': link } = groups.safeParse(first.json).data ?? {}
        if (!link) return judged(null, { status: first.status, groups: value.length })
        const second = await probe.graph(link)
        const after = groups.safeParse(second.json).data?.value ?? []
        const isNew =
          after.length > 0 && !after.some(({ id }) => value.some((one) => one.id === id))
        return judged(isNew, { status: second.status, rows: after.length, other_groups: isNew })
      },
    },
    {
      id: 'graph.properties',
      assumption: 'With these rights no property of a group is hidden by null.',
      ask: async () => {
        const { json, status } = await probe.graph(`/groups?${columns}&$top=100`)
        const { value = [] } = groups.safeParse(json).data ?? {}
        const hidden = value.filter(
          ({ displayName, mailEnabled }) => (displayName ?? mailEnabled ?? null) === null,
        )
        const hiddenMembers = value.filter(({ visibility }) => visibility === 'HiddenMembership')
        const evidence = {
          status,
          groups: value.length,
          hidden: hidden.length,
          with_hidden_membership: hiddenMembers.length,
        }
        return judged(value.length === 0 ? null : hidden.length === 0, evidence)
      },
    },
  ]
}

async function askRights(probe: TenantProbe) {
  const { missing, superfluous, unknown } = compareRights(await probe.rights())
  const evidence = {
    missing: missing.map(titleOf),
    superfluous: [...superfluous],
    unreadable: unknown.map(titleOf),
  }
  const isKnown = unknown.length === 0
  if (missing.length + superfluous.length > 0) return judged(false, evidence)
  return judged(isKnown ? true : null, evidence)
}
