import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, Call, Handler, Tags } from './call.ts'
import { answerControl, type ControlActions, controlPrefix } from './control.ts'
import { deliver, deliverFault } from './delivery.ts'
import { FaultInjector } from './fault-injector.ts'
import { Latency } from './latency.ts'
import { type LogEntry, RequestLog } from './request-log.ts'
import { waitUntil } from './wait-until.ts'

export interface ServerOptions {
  /** 0 (the default) takes any free port. */
  readonly port?: number
  readonly handle: Handler
  /** Names a call for the log and for rules, before it is handled. */
  readonly describe?: (call: Call) => Tags
  /** Actions of `POST /__control/state` (`{ "action": name, …arguments }`). */
  readonly actions?: ControlActions
  /** Answer of `GET /__control/state`. */
  readonly snapshot?: () => unknown
  /** Rules shared with a simulator that holds parts of a call (items of a batch) against them itself. */
  readonly faults?: FaultInjector
  /** Seed of fault probabilities and jitter. */
  readonly seed?: number
  /** `false` saves memory in large benchmarks. */
  readonly logBodies?: boolean
}

/** A running simulator: real HTTP on loopback. */
export interface SimulatorServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string
  readonly log: RequestLog
  readonly faults: FaultInjector
  readonly latency: Latency
  /** HTTP calls being worked on, and the most there ever were since `resetLoad`. */
  readonly load: { readonly inFlight: number; readonly maxInFlight: number }
  resetLoad(): void
  /** Stops at once; open connections are cut. */
  close(): Promise<void>
}

/** Starts a simulator's HTTP server on 127.0.0.1. */
export async function startServer(options: ServerOptions): Promise<SimulatorServer> {
  const log = new RequestLog({ keepBodies: options.logBodies ?? true })
  const faults = options.faults ?? new FaultInjector(options.seed ?? 1)
  const latency = new Latency(options.seed ?? 1)
  const load = { inFlight: 0, maxInFlight: 0 }
  const tools = { log, faults, latency, load }
  const server = createServer((request, response) => {
    serve(request, response, options, tools).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  server.keepAliveTimeout = 60_000
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    ...tools,
    resetLoad: () => {
      load.maxInFlight = load.inFlight
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Tools = Pick<SimulatorServer, 'log' | 'faults' | 'latency'> & {
  load: { inFlight: number; maxInFlight: number }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  tools: Tools,
): Promise<void> {
  const call = await readCall(request)
  if (call.path.startsWith(controlPrefix)) {
    deliver(response, await answerControl(call, { ...options, ...tools }))
    return
  }
  Object.assign(call.tags, options.describe?.(call))
  const at = call.arrivedAt
  const entry = tools.log.open(call, at)
  tools.load.inFlight += 1
  tools.load.maxInFlight = Math.max(tools.load.maxInFlight, tools.load.inFlight)
  response.once('close', () => {
    tools.load.inFlight -= 1
    entry.durationMs = performance.now() - at
  })
  await work(call, response, options, tools, entry, at)
}

async function work(
  call: Call,
  response: ServerResponse,
  options: ServerOptions,
  tools: Tools,
  entry: LogEntry,
  arrivedAt: number,
): Promise<void> {
  const fault = tools.faults.next(call)
  const wait = tools.latency.of(call)
  if (wait > 0) await waitUntil(arrivedAt + wait)
  if (fault === null) {
    finish(response, entry, await handled(call, options))
    return
  }
  entry.fault = fault.kind
  const skipsWork = 'processed' in fault ? fault.processed !== true : isReplacement(fault.kind)
  const normal = skipsWork ? null : await handled(call, options)
  entry.status = await deliverFault(response, fault, normal)
}

const isReplacement = (kind: string) => ['answer', 'close', 'hang'].includes(kind)

function finish(response: ServerResponse, entry: LogEntry, answer: Answer): void {
  if (response.destroyed) return
  entry.status = answer.status
  deliver(response, answer)
}

// A simulator that throws is a bug of the simulator: it must be seen, not look like an upstream's fault.
async function handled(call: Call, options: ServerOptions): Promise<Answer> {
  try {
    return await options.handle(call)
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(`simulator failed on ${call.method} ${call.path}: ${text}`)
    return { status: 599, headers: { 'content-type': 'text/plain' }, body: text }
  }
}

async function readCall(request: IncomingMessage): Promise<Call & { arrivedAt: number }> {
  const arrivedAt = performance.now()
  const rawBytes = await readBytes(request)
  const rawBody = String(rawBytes)
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: request.headers,
    rawBody,
    rawBytes,
    body: parseJson(rawBody),
    origin: `http://${request.headers.host ?? '127.0.0.1'}`,
    arrivedAt,
    tags: {},
  }
}

// By events: an iterator costs more than reading the few hundred bytes of a call.
function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      const [first] = chunks
      resolve(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks))
    })
    request.once('error', reject)
    request.once('close', () => reject(new Error('the caller went away')))
  })
}

function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
