import { HttpRequest, type HttpRequestInit, type HttpResponseInit } from '@azure/functions'
import { CallRouter } from '../../core/adapters/http/call-router.ts'
import { openApiDocument } from '../../core/api/openapi.ts'
import { createMasker, secretsOf } from '../../core/config/masking.ts'
import { type Environment, parseSettings } from '../../core/config.ts'
import type { Mail } from '../../core/ports.ts'
import { KeptChanges } from '../../core/run/kept-changes.ts'
import type { App, Upstreams } from '../../functions/app.ts'
import { createInvocation, type Invocation } from '../../functions/invocation.ts'
import type { Handler } from '../../functions/with-errors.ts'
import { withErrors } from '../../functions/with-errors.ts'
import { createOpenApiCheck } from '../api/openapi-check.ts'
import { environment } from '../config/environment.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { RecordedTelemetry } from '../fakes/recorded-telemetry.ts'
import { MemoryStorage } from './memory-storage.ts'

const unused = (): never => {
  throw new Error('this test calls no upstream')
}

/** Upstreams that may be opened but not called. */
export const noUpstreams: Upstreams = {
  source: {
    listMailboxes: unused,
    preferredBatch: unused,
    parallelBatches: unused,
    readFullAccess: unused,
    probeMailboxes: unused,
    findRecipient: unused,
  },
  directory: { readGroup: unused, listMembers: unused, listMailGroups: unused, findObject: unused },
  target: { listAccounts: unused, probeAccounts: unused },
  openWriter: unused,
  zivverCallTimeoutMs: 1_000,
  zivverPace: { lastCallAt: null, restoreAfter: () => undefined },
  fetchRights: unused,
}

/** The app on memory: storage is kept, mails are collected, log lines too. */
export class FakeApp {
  readonly storage = new MemoryStorage()
  readonly clock = new FakeClock('2026-11-23T01:00:00.000Z')
  readonly mails: Mail[] = []
  /** Of the mails, in their order. */
  readonly operationIds: string[] = []
  readonly logLines: string[] = []
  upstreams: Upstreams = noUpstreams
  reachMail: App['reachMail'] = null
  lastUpdate: App['lastUpdate'] = null
  readonly telemetry = new RecordedTelemetry()
  readonly calls = new CallRouter()
  storageFailure: Error | null = null
  #runs = 0
  readonly #env: Environment

  constructor(extra: Environment = {}) {
    this.#env = environment(extra)
  }

  open(): Invocation {
    const log = (line: unknown) => this.logLines.push(String(line))
    return createInvocation(this.#app(), { debug: log, info: log, warn: log, error: log })
  }

  #app(): App {
    return {
      settings: parseSettings(this.#env),
      version: '0.1.0',
      clock: this.clock,
      mask: createMasker(secretsOf(this.#env)),
      telemetry: this.telemetry,
      followCalls: (follower, work) => this.calls.follow(follower, work),
      owner: 'test',
      keptChanges: new KeptChanges(),
      newRunId: () => `run-${++this.#runs}`,
      storage: () => {
        if (this.storageFailure !== null) throw this.storageFailure
        return this.storage
      },
      upstreams: () => this.upstreams,
      reportSender: {
        send: async (mail, operationId) => {
          this.mails.push(mail)
          this.operationIds.push(operationId)
          return { email: 'sent' }
        },
      },
      dashboardUrl: `${origin}/api/dashboard`,
      reachMail: this.reachMail,
      lastUpdate: this.lastUpdate,
    }
  }
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Parsed, where it is JSON. */
  readonly body: unknown
}

const origin = 'https://cloud-sync.contoso.example'
const check = createOpenApiCheck(JSON.parse(JSON.stringify(openApiDocument('0.1.0'))))

/**
 * Calls a handler as the host does, and holds its answer against the OpenAPI document.
 * @param target `METHOD /path?query`, behind the route prefix
 */
export async function call(
  app: FakeApp,
  handler: Handler,
  target: string,
  {
    body,
    params = {},
    headers = {},
  }: { body?: string; params?: Record<string, string>; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const [method = 'GET', path = ''] = target.split(' ')
  const init: HttpRequestInit = {
    method,
    url: `${origin}/api${path}`,
    params,
    headers,
    ...(body !== undefined && { body: { string: body } }),
  }
  const reply = replyOf(await withErrors(handler)(new HttpRequest(init), app.open()))
  const faults = check({
    method,
    path: path.replace(/\?.*$/, ''),
    status: reply.status,
    contentType: reply.headers['content-type'] ?? '',
    body: reply.body,
  })
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return reply
}

function replyOf({ status = 200, headers = {}, body }: HttpResponseInit): Reply {
  if (typeof body !== 'string') throw new Error('every answer of this API is text')
  const text = body
  const named = headers as Record<string, string>
  const isJson = /json/.test(named['content-type'] ?? '')
  return { status, headers: named, text, body: isJson ? (JSON.parse(text) as unknown) : text }
}
