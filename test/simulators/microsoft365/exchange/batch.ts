import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Answer, Tags } from '../../shared/call.ts'
import type { Matchable } from '../../shared/call-match.ts'
import { answerOfFault } from '../../shared/delivery.ts'
import type { FaultAction } from '../../shared/fault-rule.ts'
import type { Random } from '../../shared/random.ts'
import type { ExchangeSettings } from '../settings.ts'
import { errorAnswer, invalidOperation } from './errors.ts'

const itemSchema = z.object({
  id: z.string(),
  method: z.literal('POST'),
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
})
const batchSchema = z.object({ requests: z.array(itemSchema) })
type RawItem = z.infer<typeof itemSchema>

/** One request of a `$batch`, its headers found by any spelling. */
interface BatchItem extends Omit<RawItem, 'headers'> {
  readonly headers: Headers
}

export interface BatchTools {
  readonly settings: ExchangeSettings
  readonly random: Random
  readonly invoke: (item: BatchItem, tags: Tags) => Promise<Answer>
  readonly tagsOf: (item: BatchItem) => Tags
  readonly nextFault: (matchable: Matchable) => FaultAction | null
}

/** The items of a well-formed batch body, otherwise none. */
export function batchItemsOf(body: unknown): readonly RawItem[] {
  const parsed = batchSchema.safeParse(body)
  return parsed.success ? parsed.data.requests : []
}

/**
 * Answers `POST $batch` (reference 3.13): every item its own status, matched by id. A fault that is no answer (`close`,
 * `hang`, …) leaves its item out.
 */
export async function answerBatch(body: unknown, tools: BatchTools): Promise<Answer> {
  const items = batchItemsOf(body).map((item) => ({ ...item, headers: new Headers(item.headers) }))
  const ids = new Set(items.map((item) => item.id))
  if (
    items.length === 0 ||
    items.length > tools.settings.maxBatchItems ||
    ids.size < items.length
  ) {
    return errorAnswer(invalidOperation)
  }
  const answered = await answerItems(items, tools)
  const ordered =
    tools.settings.batchOrder === 'shuffled' ? tools.random.shuffle(answered) : answered
  return {
    status: 200,
    headers: { 'content-type': 'application/json;odata.metadata=minimal' },
    body: `{"responses":[${ordered.join(',')}]}`,
  }
}

async function answerItems(items: readonly BatchItem[], tools: BatchTools): Promise<string[]> {
  if (tools.settings.batchItems === 'parallel') {
    const answers = await Promise.all(items.map((item) => answerItem(item, tools)))
    return items.flatMap((item, at) => writeItem(item, answers[at] ?? null))
  }
  const written: string[] = []
  for (const item of items) {
    const answer = await answerItem(item, tools)
    written.push(...writeItem(item, answer))
    const continues = /continue-on-error/i.test(item.headers.get('prefer') ?? '')
    if (tools.settings.stopBatchOnError && !continues && (answer?.status ?? 500) >= 400) break
  }
  return written
}

/** `null` = this item gets no answer. */
async function answerItem(item: BatchItem, tools: BatchTools): Promise<Answer | null> {
  const tags = tools.tagsOf(item)
  const fault = tools.nextFault({
    method: 'POST',
    path: item.url,
    tags,
    get rawBody() {
      return JSON.stringify(item.body)
    },
  })
  if (fault === null) return await tools.invoke(item, tags)
  if (fault.kind === 'answer') return answerOfFault(fault)
  if (fault.kind !== 'delay') return null
  await sleep(fault.ms)
  return await tools.invoke(item, tags)
}

function writeItem(item: BatchItem, answer: Answer | null): string[] {
  if (answer === null) return []
  const { id } = item
  const { status, headers = {} } = answer
  const head = JSON.stringify({ id, status, headers })
  return [`${head.slice(0, -1)},"body":${embed(String(answer.body ?? ''))}}`]
}

// A JSON body is put in as it is; a text as a JSON text; NUL bytes and nothing as null.
function embed(body: string): string {
  const isJson = body.startsWith('{')
  if (isJson) return body
  return body === '' || body.startsWith('\0') ? 'null' : JSON.stringify(body)
}
