/** A process of the lowest priority with a thread for each processor, which does nothing but wake. It ends with its parent. */
import { availableParallelism, constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'

/** A virtual processor that has nothing to do is polled for so long before it goes to sleep, and some more. */
const wakeEveryMs = 0.1

// What it costs is a few microseconds each time.
const program = `
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (;;) Atomics.wait(cell, 0, 0, ${wakeEveryMs})
`

// Threads have the priority of the one that starts them.
setPriority(constants.priority.PRIORITY_LOW)
const workers = Array.from(
  { length: availableParallelism() },
  () => new Worker(program, { eval: true }),
)
for (const worker of workers) worker.unref()
// Its channel to the parent keeps it running, as long as somebody listens.
process.once('disconnect', () => process.exit())
