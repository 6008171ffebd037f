/** What the lines of the hosts' logs tell of slices: how many were begun, and how many of them after another host was lost. */
export class RunLines {
  slices = 0
  takeovers = 0
  /** Per run: the process whose slice is open. */
  readonly #open = new Map<string, string>()

  /** @param host names the process, no other one ever */
  read(host: string, line: string): void {
    const runId = /"runId":"([^"]+)"/.exec(line)?.[1]
    if (runId === undefined) return
    if (/\] run (?:started: |goes on: slice)/.test(line)) this.#began(runId, host)
    else if (/\] (?:slice ended; |run ended: |lease taken over; )/.test(line))
      this.#ended(runId, host)
  }

  #began(runId: string, host: string): void {
    this.slices += 1
    const holder = this.#open.get(runId)
    if (holder !== undefined && holder !== host) this.takeovers += 1
    this.#open.set(runId, host)
  }

  #ended(runId: string, host: string): void {
    if (this.#open.get(runId) === host) this.#open.delete(runId)
  }
}
