import { type RegisteredFunction, registry, runHooks, runLogHooks } from './registry.ts'
import type {
  CoreInvocationContext,
  ProgrammingModel,
  RpcInvocationRequest,
  RpcInvocationResponse,
  RpcLogLevel,
} from './rpc.ts'

/** Where the log lines of one invocation go. */
export type InvocationLog = (
  level: RpcLogLevel,
  category: 'user' | 'system',
  message: string,
) => void

/**
 * Runs one invocation as the language worker does: arguments, `preInvocation` hooks (which may replace the inputs and the
 * function), the function, `postInvocation` hooks (which may replace result and error), answer.
 * @throws what the function or a hook throws
 */
export async function invokeInWorker(
  model: ProgrammingModel,
  fn: RegisteredFunction,
  request: RpcInvocationRequest,
  log: InvocationLog,
): Promise<RpcInvocationResponse> {
  const core = coreContext(fn, request, log)
  const invocation = model.getInvocationModel(core)
  const { context, inputs } = await invocation.getArguments()
  const shared = { hookData: {}, appHookData: registry.appHookData, invocationContext: context }

  const before = { ...shared, inputs, functionCallback: fn.callback }
  await inState(core, 'preInvocationHooks', () => runHooks('preInvocation', before))

  const after = {
    ...shared,
    inputs: before.inputs,
    result: null as unknown,
    error: null as unknown,
  }
  await inState(core, 'invocation', async () => {
    try {
      after.result = await invocation.invokeFunction(
        context,
        before.inputs,
        before.functionCallback,
      )
    } catch (error) {
      after.error = error ?? new Error(`${fn.name} threw nothing`)
    }
  })
  await inState(core, 'postInvocationHooks', () => runHooks('postInvocation', after))

  if (after.error !== null && after.error !== undefined) throw after.error
  return invocation.getResponse(context, after.result)
}

function coreContext(
  fn: RegisteredFunction,
  request: RpcInvocationRequest,
  log: InvocationLog,
): CoreInvocationContext {
  return {
    invocationId: request.invocationId,
    request,
    metadata: fn.metadata,
    state: undefined,
    log: (level, category, message) => {
      const line = { hookData: {}, level, category, message }
      runLogHooks(line)
      log(line.level, category === 'user' ? 'user' : 'system', line.message)
    },
  }
}

async function inState(
  core: CoreInvocationContext,
  state: CoreInvocationContext['state'],
  work: () => Promise<void>,
): Promise<void> {
  core.state = state
  try {
    await work()
  } finally {
    core.state = undefined
  }
}
