/** What is not known of Zivver's API without a real organisation (reference zivver, section 9); reading. */
import * as z from 'zod'
import type { ProbeAnswer, TenantProbe } from './probe.ts'
import { judged, type Question } from './verdict.ts'

const list = z.looseObject({
  totalResults: z.number().nullish(),
  itemsPerPage: z.number().nullish(),
  startIndex: z.number().nullish(),
  Resources: z.array(z.looseObject({ id: z.string().nullish() })).nullish(),
})
const nobody = '00000000-0000-0000-0000-000000000000'
// What a body names may be anybody; what it calls its parts may be shown.
const attributeName = /^[a-z][a-z_-]{0,29}$/i
const mediaType = /^[a-z]+\/[a-z+.-]{1,40}$/i

export function zivverQuestions(probe: TenantProbe): Question[] {
  const totals = (id: string, path: string): Question => ({
    id,
    assumption: `GET ${path} gives all accounts in one answer, and says how many there are.`,
    ask: async () => {
      const { status, json } = await probe.zivver('GET', path)
      const { totalResults = null, Resources, ...head } = list.safeParse(json).data ?? {}
      const rows = Resources?.length ?? 0
      const { itemsPerPage = null, startIndex = null } = head
      const evidence = { status, totalResults, rows, itemsPerPage, startIndex }
      return judged(status !== 200 ? null : totalResults === rows, evidence)
    },
  })
  return [
    totals('zivver.totals.users', '/Users'),
    totals('zivver.totals.groups', '/Groups'),
    {
      id: 'zivver.paging',
      assumption:
        'A list that is asked for in pages either obeys startIndex and count, or comes whole.',
      ask: () => askPaging(probe),
    },
    {
      id: 'zivver.rate_headers',
      assumption:
        'The rate limit is told by headers, or not at all: the app keeps its own pace in any case.',
      ask: async () => {
        const answer = await probe.zivver('GET', '/Users?count=1')
        return judged(answer.status === null ? null : true, rateHeaders(answer))
      },
    },
    {
      id: 'zivver.unknown_id',
      assumption: 'An account that is not there is a definite answer: 404, or 400.',
      ask: async () => {
        const { status, json, headers } = await probe.zivver('GET', `/Users/${nobody}`)
        const body = z.record(z.string(), z.unknown()).safeParse(json).data ?? {}
        const members = Object.keys(body).filter((name) => attributeName.test(name))
        const type = (headers['content-type'] ?? '').split(';')[0] ?? ''
        const evidence = {
          status,
          content_type: mediaType.test(type) ? type : 'another',
          members: members.slice(0, 20),
        }
        return judged(status === 404 || status === 400, evidence)
      },
    },
  ]
}

async function askPaging(probe: TenantProbe) {
  const whole = list.safeParse((await probe.zivver('GET', '/Users')).json).data
  const all = idsOf(whole)
  if (all.length < 3) return judged(null, { users: all.length })
  const { status, json } = await probe.zivver('GET', '/Users?startIndex=2&count=2')
  const part = idsOf(list.safeParse(json).data)
  const isWhole = part.length === all.length
  const isPage = part.join() === all.slice(1, 3).join()
  const obeyed = isWhole ? 'neither' : isPage ? 'startIndex and count' : 'something else'
  return judged(isWhole || isPage, { status, users: all.length, rows: part.length, obeyed })
}

function idsOf(given: z.output<typeof list> | undefined): string[] {
  return (given?.Resources ?? []).map(({ id }) => id ?? '')
}

/** Headers about limits with their values: numbers, windows, dates. */
function rateHeaders({ headers, status }: ProbeAnswer) {
  const named = Object.entries(headers).filter(([name]) => /rate-?limit|retry-after/.test(name))
  const numbers = named.map(([name, value]) => [
    name,
    value.replace(/[^\w\s,;=.:-]/g, '?').slice(0, 80),
  ])
  return { status, headers: named.map(([name]) => name), ...Object.fromEntries(numbers) }
}
