import type { ChangeJson } from '../../core/api/change.ts'
import type { RunJson } from '../../core/api/run.ts'
import { actions } from '../../core/model/change.ts'
import type { RunFlags } from '../../core/model/run.ts'
import { DemoError } from './demo-error.ts'
import type { DemoWorld } from './demo-world.ts'
import { progressBar, type Task, type Terminal } from './terminal.ts'
import { counted } from './words.ts'

/** What the story needs to be told. */
export interface Stage {
  readonly world: DemoWorld
  readonly terminal: Terminal
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/** One run, and what it did to Zivver and to the mapping table. */
export interface Scene {
  readonly run: RunJson
  readonly changes: readonly ChangeJson[]
  readonly writes: number
  readonly rowsAdded: number
  /** Calls that Zivver answered with 429 since the start. */
  readonly throttled: number
}

/** What is printed at the end of a scene. */
export interface Told {
  readonly text: string
  readonly note?: string
}

/** @throws DemoError unless it is so */
export function must(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new DemoError(otherwise)
}

/**
 * Plays one run and tells how it went.
 * @param tell says what happened in words. @throws DemoError when it is not what should have happened
 */
export function play(
  stage: Stage,
  title: string,
  flags: Partial<RunFlags>,
  tell: (scene: Scene) => Told,
): Promise<Scene> {
  return asTask(stage, title, async (task) => {
    const { runId, writes, rows } = await requestRun(stage, flags, task)
    const { world } = stage
    const run = await follow(stage, runId, task)
    const scene = {
      run,
      changes: await world.api.changes(runId),
      writes: world.zivver.writes().length - writes,
      rowsAdded: (await world.mappings()).length - rows,
      throttled: world.zivver.throttled(),
    }
    const { text, note } = tell(scene)
    task.done(text, note)
    return scene
  })
}

/** Lets a run go on that was under way when the demo was ended the last time. */
export async function playLeftover(stage: Stage): Promise<void> {
  const runId = await stage.world.api.activeRun()
  if (runId === null) return
  await asTask(stage, 'The run of last time', async (task) => {
    const { status, counts } = await follow(stage, runId, task)
    const applied = actions.reduce((sum, action) => sum + counts[action].applied, 0)
    task.done(
      `it went on where it was stopped: ${status}, ${counted(applied, 'change')} applied in all`,
    )
  })
}

async function asTask<T>(
  { terminal, signal }: Stage,
  title: string,
  work: (task: Task) => Promise<T>,
): Promise<T> {
  const task = terminal.begin(title)
  try {
    return await work(task)
  } catch (error) {
    task.failed(signal.aborted ? 'stopped' : 'not as it should be')
    throw error
  }
}

/** Requests a run as soon as no other one is under way (a scheduled one, say), and counts what was there before it. */
async function requestRun(stage: Stage, flags: Partial<RunFlags>, task: Task) {
  const { world } = stage
  for (;;) {
    const before = { writes: world.zivver.writes().length, rows: (await world.mappings()).length }
    const runId = await world.api.request(flags)
    if (runId !== null) return { runId, ...before }
    const active = await world.api.activeRun()
    if (active !== null) await follow(stage, active, task)
  }
}

function follow({ world, signal }: Stage, runId: string, task: Task): Promise<RunJson> {
  return world.api.follow(runId, (now) => task.update(doingNow(now)), signal)
}

const phases = {
  reading: 'reading mailboxes and accounts',
  planning: 'planning',
  applying: 'writing in Zivver',
  reporting: 'sending the report',
  done: 'done',
} as const

function doingNow({ status, phase, progress }: RunJson): string {
  if (status === 'queued') return 'queued'
  const bar = phase === 'applying' ? `  ${progressBar(progress.done, progress.total)}` : ''
  const wait = progress.waiting_for === null ? '' : `  (waiting ${progress.waiting_for})`
  return phases[phase] + bar + wait
}
