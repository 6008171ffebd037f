/** What adapters tell of their calls; the types are the core's, because its log and telemetry listen. */
export type { CallObserver, CallRecord, Upstream, WaitRecord } from '../../telemetry/calls.ts'
