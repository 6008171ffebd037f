import { nextOccurrences, parseSchedule } from '../../config/schedule.ts'
import type { RunFlags, RunRecord } from '../../model/run.ts'
import { refusalOf } from '../../update/services.ts'
import type { ReportContext } from '../context.ts'
import { costOf } from '../cost.ts'
import { shown } from '../display.ts'
import type { Section } from '../document.ts'
import type { ReportInput } from '../input.ts'
import { updateMessages } from '../messages/updates.ts'

/** When the next run starts, and what this one was: mode, times, version, calls, cost. */
export function aboutSection(context: ReportContext): Section[] {
  const { messages } = context
  const rows = [...nextRuns(context), ...identity(context), ...times(context), ...effort(context)]
  return [{ heading: messages.run.heading, tone: 'plain', blocks: [{ type: 'facts', rows }] }]
}

type Rows = [string, string][]

const nextRunsShown = 2

function nextRuns({ input, messages, formats }: ReportContext): Rows {
  const check = parseSchedule(input.schedule)
  if (!check.ok) return []
  const moments = nextOccurrences(check.schedule, input.now, nextRunsShown).map(formats.moment)
  const kind = input.performSync ? 'sync' : 'preview'
  return moments.length === 0 ? [] : [[messages.run.next, messages.run.nextIs(kind, moments)]]
}

function identity({ input, messages }: ReportContext): Rows {
  const { run, history } = input
  const by = run.trigger === 'schedule' ? messages.run.schedule : messages.run.manual
  const flags = flagTexts(run.flags)
  return [
    [messages.run.id, run.id],
    [messages.run.mode, run.mode === 'preview' ? messages.run.preview : messages.run.sync],
    [messages.run.trigger, by],
    ...(flags.length === 0 ? [] : ([[messages.run.flags, flags.join(', ')]] as Rows)),
    [messages.run.version, versionText(run, history)],
    ...updateRefused(input),
  ]
}

/** A release that was refused: who reads only mails would never hear of it. */
function updateRefused({ lastUpdate = null, language }: ReportInput): Rows {
  const problem = lastUpdate === null ? null : refusalOf(lastUpdate)
  if (lastUpdate === null || problem === null) return []
  const { label, refused, why } = updateMessages[language]
  const offered = lastUpdate.offered === null ? null : shown(lastUpdate.offered)
  return [[label, refused(offered, why[problem])]]
}

/** `1.0.0 → 1.1.0` in the first report after an update, however it came. */
function versionText(run: RunRecord, history: readonly RunRecord[]): string {
  const before = history.find(({ requested_at }) => requested_at < run.requested_at)?.version
  const isUpdated = before !== undefined && before !== run.version
  return isUpdated ? `${shown(before)} → ${shown(run.version)}` : shown(run.version)
}

function flagTexts(flags: RunFlags): string[] {
  return [
    ...(flags.perform_sync ? ['perform_sync'] : []),
    ...(flags.allow_large_sync ? ['allow_large_sync'] : []),
    ...(flags.reset_account_mapping ? ['reset_account_mapping'] : []),
    ...(flags.relink.length > 0 ? [`relink=${shown(flags.relink.join(','), 200)}`] : []),
    ...(flags.approve_run === null ? [] : [`approve_run=${flags.approve_run}`]),
  ]
}

function times({ input: { run, now }, messages, formats }: ReportContext): Rows {
  const started = run.started_at ?? run.requested_at
  const finished = run.finished_at === null ? now : new Date(run.finished_at)
  const seconds = Math.max(0, (finished.getTime() - Date.parse(started)) / 1000)
  return [
    [messages.run.started, formats.moment(new Date(started))],
    ...(run.finished_at === null
      ? []
      : ([[messages.run.finished, formats.moment(finished)]] as Rows)),
    [messages.run.duration, formats.duration(seconds)],
  ]
}

function effort({ input: { run }, messages, formats }: ReportContext): Rows {
  const { usage } = run
  if (usage.slices === 0) return []
  const cost = costOf(usage)
  const work = messages.run.work(formats.duration(usage.workSeconds), usage.slices)
  const calls = messages.run.callsOf(
    formats.number(usage.exchangeCalls),
    formats.number(usage.graphCalls),
    formats.number(usage.zivverCalls),
  )
  return [
    [messages.run.calls, `${calls} · ${work}`],
    [
      messages.run.cost,
      messages.run.costOf(
        formats.dollars(cost.amount),
        formats.number(cost.gigabyteSeconds),
        usage.slices,
      ),
    ],
  ]
}
