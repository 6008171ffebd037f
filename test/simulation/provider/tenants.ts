/**
 * `npm run tenants`: what many tenants need, in virtual time. Every tenant is synchronised once on an ordinary night, by
 * the app's own core, from one queue; the times of all calls are those of the table below.
 * `-- --tenants 500 --mailboxes 1000 --workers 5,10,20`; `--first` = nobody has an account yet
 */
import { parseArgs } from 'node:util'
import { measureNight, type Night } from './night.ts'

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '500' },
    mailboxes: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '5,10,20' },
    first: { type: 'boolean', default: false },
  },
})
const tenants = Number(values.tenants)
const mailboxes = Number(values.mailboxes)

const what = values.first ? 'first sync' : '1 % of them changed since yesterday'
console.log(`${tenants} tenants of ${mailboxes} mailboxes, ${what}\n`)
console.log(
  'workers    all done    Σ runs ÷ workers   ratio   median run   storage calls per run   messages',
)
for (const workers of values.workers.split(',').map(Number)) {
  const night = await measureNight({ tenants, mailboxes, workers, isFirst: values.first })
  console.log(rowOf(workers, night))
}

function rowOf(workers: number, night: Night): string {
  const boundMs = night.workedMs / workers
  const cells = [
    [String(workers), 7],
    [minutes(night.allDoneMs), 12],
    [minutes(boundMs), 19],
    [(boundMs / night.allDoneMs).toFixed(3), 8],
    [`${(night.medianRunMs / 1000).toFixed(1)} s`, 13],
    [night.storageCallsPerRun.toFixed(0), 24],
    [String(night.messages), 11],
  ] as const
  return cells.map(([text, width]) => text.padStart(width)).join('')
}

function minutes(ms: number): string {
  return `${(ms / 60_000).toFixed(1)} min`
}
