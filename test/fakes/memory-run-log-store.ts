import type { RunLogStore } from '../../core/ports.ts'

/** Logs of earlier slices in memory. */
export class MemoryRunLogStore implements RunLogStore {
  readonly logs = new Map<string, string>()

  async append(runId: string, lines: string): Promise<void> {
    this.logs.set(runId, (this.logs.get(runId) ?? '') + lines)
  }

  async read(runId: string): Promise<string> {
    return this.logs.get(runId) ?? ''
  }

  async purge(runId: string): Promise<void> {
    this.logs.delete(runId)
  }
}
