import { rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { DemoData } from './demo-data.ts'

const markSchema = z.object({
  /** Of the simulated tenant. */
  url: z.url(),
  tenantId: z.string(),
  /** Process ids of the storage emulator and the functions host. */
  children: z.array(z.int().positive()),
})
type Mark = z.infer<typeof markSchema>

const answerMs = 1_000
const childrenEndMs = 8_000

/**
 * Two demos must not share a folder: the storage emulator would lose what the other one wrote. The mark names the simulated
 * tenant of the one that runs; only when that still answers is the folder taken, so a mark that a crash left does no harm.
 */
export class RunningMark {
  readonly #path: string

  constructor(data: DemoData) {
    this.#path = data.path('running.json')
  }

  /**
   * Waits for the children of a demo that was killed: they end by themselves, and the emulator saves its rows before.
   * @returns whether another demo runs on this folder
   */
  async isTaken(): Promise<boolean> {
    const mark = await this.#read()
    if (mark === null) return false
    if (await answers(mark)) return true
    const end = performance.now() + childrenEndMs
    while (mark.children.some(isAlive) && performance.now() < end) await sleep(50)
    return false
  }

  set(mark: Mark): void {
    writeFileSync(this.#path, JSON.stringify(mark))
  }

  remove(): void {
    rmSync(this.#path, { force: true })
  }

  async #read(): Promise<Mark | null> {
    try {
      return markSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')))
    } catch {
      // There is none, or a crash left half of one.
      return null
    }
  }
}

async function answers({ url, tenantId }: Mark): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/__control/state`, {
      signal: AbortSignal.timeout(answerMs),
    })
    return z.object({ tenantId: z.string() }).parse(await answer.json()).tenantId === tenantId
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
