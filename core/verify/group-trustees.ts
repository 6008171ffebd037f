/** Which of its own texts a group is named by, where it has Full Access; the text itself is nobody's business. */
import * as z from 'zod'
import type { TenantProbe } from './probe.ts'

const texts = ['id', 'mail', 'mailNickname', 'displayName'] as const
type GroupText = (typeof texts)[number]

const groupPage = z.object({
  value: z.array(
    z.looseObject({
      id: z.string(),
      displayName: z.string().nullish(),
      mail: z.string().nullish(),
      mailNickname: z.string().nullish(),
    }),
  ),
})
type Group = z.output<typeof groupPage>['value'][number]

/** The first thousand groups of the tenant: enough to see how they are named. */
const path = `/groups?$select=${texts.join(',')}&$top=999`

/** What a trustee's text says of a group: `several` when more than one has this display name; `null` = it is of none. */
export type GroupNaming = GroupText | 'several'

/** @returns how a text names a group */
export async function readGroupNames(
  probe: TenantProbe,
): Promise<(text: string) => GroupNaming | null> {
  const { json } = await probe.graph(path)
  const byText = indexed(groupPage.safeParse(json).data?.value ?? [])
  return (text) => byText.get(text.trim().toLowerCase()) ?? null
}

function indexed(groups: readonly Group[]): ReadonlyMap<string, GroupNaming> {
  const byText = new Map<string, GroupNaming>()
  for (const name of texts) {
    for (const group of groups) {
      const key = group[name]?.toLowerCase() ?? ''
      if (key === '') continue
      const before = byText.get(key)
      // Often a group's alias is its display name too: the first kind of text counts.
      if (before === undefined) byText.set(key, name)
      else if (before === name) byText.set(key, 'several')
    }
  }
  return byText
}
