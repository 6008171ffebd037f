import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { endChild } from './end-child.ts'

/**
 * Keeps the processors from going to sleep, as latency is measured elsewhere with idle states switched off. To wake a
 * sleeping one takes up to a quarter of a millisecond at either end of a call, which is neither the app's time nor
 * that of the latency which a simulator was told to have. What keeps them awake gives way to everything else.
 */
export class KeepAwake implements AsyncDisposable {
  readonly #child = fork(fileURLToPath(new URL('../processes/keep-awake.ts', import.meta.url)))

  async [Symbol.asyncDispose](): Promise<void> {
    await endChild(this.#child)
  }
}
