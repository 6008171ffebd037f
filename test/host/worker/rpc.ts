/**
 * The part of the Functions worker protocol that the local host speaks: what the host sends to and gets back from the
 * language worker (azure-functions-language-worker-protobuf, as `@azure/functions-core` types it).
 */

export type RpcLogLevel =
  | 'trace'
  | 'debug'
  | 'information'
  | 'warning'
  | 'error'
  | 'critical'
  | 'none'
export type RpcLogCategory = 'user' | 'system' | 'customMetric'

interface RpcNullableString {
  readonly value: string
}

export interface RpcHttpData {
  readonly method?: string
  readonly url?: string
  readonly nullableHeaders?: Readonly<Record<string, RpcNullableString>>
  readonly nullableQuery?: Readonly<Record<string, RpcNullableString>>
  readonly nullableParams?: Readonly<Record<string, RpcNullableString>>
  readonly body?: RpcTypedData | null
  /** Of an answer: a number as text. */
  readonly statusCode?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly unknown[]
}

/** One value on the wire; exactly one property is set. */
export interface RpcTypedData {
  readonly string?: string
  readonly json?: string
  readonly bytes?: Uint8Array
  readonly http?: RpcHttpData
}

export interface RpcInvocationRequest {
  readonly invocationId: string
  readonly inputData: readonly { readonly name: string; readonly data: RpcTypedData }[]
  readonly triggerMetadata: Readonly<Record<string, RpcTypedData>>
}

export interface RpcInvocationResponse {
  readonly returnValue?: RpcTypedData | null
}

/** A binding as `app.http`, `app.timer`, … register it: the options of the call, `type` and `direction`. */
export interface RpcBindingInfo {
  readonly type: string
  readonly direction: 'in' | 'out'
  readonly [option: string]: unknown
}

export interface FunctionMetadata {
  readonly name: string
  readonly bindings: Readonly<Record<string, RpcBindingInfo>>
  readonly retryOptions?: unknown
}

export type FunctionCallback = (...args: unknown[]) => unknown

/** What the programming model (`@azure/functions`) is given for one invocation. */
export interface CoreInvocationContext {
  readonly invocationId: string
  readonly request: RpcInvocationRequest
  readonly metadata: FunctionMetadata
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined
  log(level: RpcLogLevel, category: RpcLogCategory, message: string): void
}

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(context: unknown, result: unknown): Promise<RpcInvocationResponse>
}

/** What `@azure/functions` registers itself as. */
export interface ProgrammingModel {
  readonly name: string
  readonly version: string
  getInvocationModel(context: CoreInvocationContext): InvocationModel
  /** Closes the setup phase; the answer's `HttpUri` is set when the app asked for HTTP streaming. */
  getCapabilities(worker: Record<string, string>): Promise<Record<string, string>>
}
