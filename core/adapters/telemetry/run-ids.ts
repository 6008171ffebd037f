/** Ids of spans. Those of a run follow from its id, so that every instance that works on it adds to one trace. */
import { createHash, randomBytes } from 'node:crypto'
import type { IdGenerator } from '@opentelemetry/sdk-trace'

export interface SpanIds {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits. */
  readonly spanId: string
}

/** The trace of a run, and the span that stands for the whole of it. */
export function idsOfRun(runId: string): SpanIds {
  const digest = createHash('sha256').update(`run ${runId}`).digest('hex')
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) }
}

/** Random ids, but for the span that is started within `withIds`. */
export class RunIdGenerator implements IdGenerator {
  #given: SpanIds | null = null

  readonly generateTraceId = (): string => this.#given?.traceId ?? randomBytes(16).toString('hex')
  readonly generateSpanId = (): string => this.#given?.spanId ?? randomBytes(8).toString('hex')

  withIds<T>(ids: SpanIds, start: () => T): T {
    this.#given = ids
    try {
      return start()
    } finally {
      this.#given = null
    }
  }
}
