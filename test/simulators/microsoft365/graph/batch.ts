import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { type Answer, type Call, jsonAnswer, type Tags } from '../../shared/call.ts'
import type { Matchable } from '../../shared/call-match.ts'
import { answerOfFault } from '../../shared/delivery.ts'
import type { FaultAction } from '../../shared/fault-rule.ts'
import type { Random } from '../../shared/random.ts'

const itemSchema = z.object({
  id: z.string(),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
})
const batchSchema = z.object({ requests: z.array(itemSchema) })
type RawItem = z.infer<typeof itemSchema>

/** One request of a `$batch` in the form of a call. */
type GraphBatchItem = Pick<Call, 'method' | 'path' | 'query' | 'headers' | 'body'>

export interface GraphBatchTools {
  readonly order: 'asked' | 'shuffled'
  readonly random: Random
  readonly answer: (item: GraphBatchItem) => Answer
  readonly tagsOf: (item: GraphBatchItem) => Tags
  readonly nextFault: (matchable: Matchable) => FaultAction | null
  readonly refuse: (message: string) => Answer
}

const mostItems = 20

/** The items of a well-formed batch body, otherwise none. */
export function graphBatchItemsOf(body: unknown): readonly RawItem[] {
  const parsed = batchSchema.safeParse(body)
  return parsed.success ? parsed.data.requests : []
}

/**
 * Answers `POST /$batch` (reference 5.5): always 200, every item its own status, in any order. A fault that is no
 * answer leaves its item out.
 */
export async function answerGraphBatch(body: unknown, tools: GraphBatchTools): Promise<Answer> {
  const items = graphBatchItemsOf(body)
  if (items.length === 0) return tools.refuse('Invalid batch payload format.')
  if (items.length > mostItems) {
    return tools.refuse(`Number of batch request steps exceeds the maximum value of ${mostItems}.`)
  }
  if (new Set(items.map(({ id }) => id)).size < items.length) {
    return tools.refuse('The ids of a batch must be unique.')
  }
  const answered: object[] = []
  for (const raw of items) {
    const answer = await answerItem(raw, tools)
    if (answer !== null) answered.push(writeItem(raw.id, answer))
  }
  const responses = tools.order === 'shuffled' ? tools.random.shuffle(answered) : answered
  return jsonAnswer(200, { responses })
}

async function answerItem(raw: RawItem, tools: GraphBatchTools): Promise<Answer | null> {
  const item = itemOf(raw)
  const rawBody = JSON.stringify(raw.body ?? null)
  const matchable = { method: item.method, path: item.path, rawBody, tags: tools.tagsOf(item) }
  const fault = tools.nextFault(matchable)
  if (fault?.kind === 'answer') return answerOfFault(fault)
  if (fault !== null && fault.kind !== 'delay') return null
  if (fault !== null) await sleep(fault.ms)
  return tools.answer(item)
}

function itemOf({ method, url, headers, body }: RawItem): GraphBatchItem {
  const target = new URL(url, 'https://graph.microsoft.com')
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    method: method.toUpperCase(),
    path: decodeURIComponent(target.pathname),
    query: target.searchParams,
    headers: Object.fromEntries(lower),
    body,
  }
}

function writeItem(id: string, { status, headers, body }: Answer): object {
  const text = String(body ?? '')
  const isJson = text.startsWith('{')
  return { id, status, headers, body: isJson ? (JSON.parse(text) as unknown) : text || null }
}
