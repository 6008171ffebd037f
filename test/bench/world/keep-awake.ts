import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** A virtual processor that has nothing to do is polled for so long before it goes to sleep, and some more. */
const wakeEveryMs = 0.1

// A thread per processor that does nothing but wake: what it costs is a few microseconds each time.
const program = `
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (;;) Atomics.wait(cell, 0, 0, ${wakeEveryMs})
`

/**
 * Keeps the processors from going to sleep, as latency is measured elsewhere with idle states switched off. To wake a
 * sleeping one takes up to a quarter of a millisecond at either end of a call, which is neither the app's time nor
 * that of the latency which a simulator was told to have.
 */
export class KeepAwake implements AsyncDisposable {
  readonly #workers = Array.from({ length: availableParallelism() }, () => {
    const worker = new Worker(program, { eval: true })
    worker.unref()
    return worker
  })

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}
