import * as z from 'zod'
import { type Answer, type Call, jsonAnswer } from './call.ts'
import { callMatchSchema } from './call-match.ts'
import type { FaultInjector } from './fault-injector.ts'
import { faultRuleSchema } from './fault-rule.ts'
import { type Latency, latencyRuleSchema } from './latency.ts'
import type { RequestLog } from './request-log.ts'

/** Where a simulator is driven from another process. Calls below it are neither logged nor delayed. */
export const controlPrefix = '/__control/'

/** One action of `POST /__control/state`; gets the body, gives what is sent back as JSON. Throws = 400. */
export type ControlActions = Readonly<
  Record<string, (input: Readonly<Record<string, unknown>>) => unknown>
>

/** What the control routes reach. */
export interface Controllable {
  readonly log: RequestLog
  readonly faults: FaultInjector
  readonly latency: Latency
  readonly load: { readonly inFlight: number; readonly maxInFlight: number }
  readonly actions?: ControlActions
  readonly snapshot?: () => unknown
}

const countSchema = callMatchSchema.extend({ status: z.int().optional() })
const ruleListSchema = z.union([z.array(faultRuleSchema), faultRuleSchema])
const actionSchema = z.looseObject({ action: z.string() })

/** Answers one control call; a mistake in it is a 400 that says what is wrong. */
export async function answerControl(call: Call, target: Controllable): Promise<Answer> {
  const route = `${call.method} ${call.path.slice(controlPrefix.length)}`
  const handle = routes[route]
  if (handle === undefined) return jsonAnswer(404, { error: `no control route ${route}` })
  try {
    return jsonAnswer(200, (await handle(call, target)) ?? {})
  } catch (error) {
    return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) })
  }
}

const routes: Readonly<Record<string, (call: Call, target: Controllable) => unknown>> = {
  'GET log': (call, { log }) => {
    const since = Number(call.query.get('since') ?? 0)
    return { entries: log.entries.filter((entry) => entry.sequence > since) }
  },
  'DELETE log': (_call, { log }) => log.clear(),
  'POST log/count': (call, { log }) => ({ count: log.count(countSchema.parse(call.body ?? {})) }),
  'GET load': (_call, { load }) => load,
  'GET faults': (_call, { faults }) => ({ faults: faults.list() }),
  'POST faults': (call, { faults }) => ({
    ids: [ruleListSchema.parse(call.body)].flat().map((rule) => faults.add(rule)),
  }),
  'DELETE faults': (call, { faults }) => {
    const id = call.query.get('id')
    if (id === null) faults.clear()
    else faults.remove(id)
  },
  'GET latency': (_call, { latency }) => ({ rules: latency.list() }),
  'POST latency': (call, { latency }) => latency.add(latencyRuleSchema.parse(call.body)),
  'DELETE latency': (_call, { latency }) => latency.clear(),
  'GET state': (_call, { snapshot }) => snapshot?.(),
  'POST state': (call, { actions }) => runAction(call, actions ?? {}),
}

async function runAction(call: Call, actions: ControlActions): Promise<unknown> {
  const input = actionSchema.parse(call.body)
  const action = actions[input.action]
  if (action === undefined) {
    throw new Error(`no action ${input.action}; there are: ${Object.keys(actions).join(', ')}`)
  }
  return await action(input)
}
