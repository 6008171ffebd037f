/** The closed list of metrics; `docs/telemetry.md` describes the same ones (a test compares). */
export interface MetricDefinition {
  readonly kind: 'counter' | 'histogram'
  /** UCUM, as OpenTelemetry has it. */
  readonly unit: string
  readonly description: string
  readonly attributes: readonly string[]
  /** Borders of a histogram's buckets. */
  readonly boundaries?: readonly number[]
}

const runSeconds = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 2400, 4800, 9600, 19_200]
const callSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export const metrics = {
  'cloud_sync.runs': {
    kind: 'counter',
    unit: '{run}',
    description: 'Runs that ended.',
    attributes: ['status', 'mode', 'trigger', 'error_code'],
  },
  'cloud_sync.successful_run': {
    kind: 'counter',
    unit: '{run}',
    description:
      'The heartbeat: goes up by one when a run did its work (where scheduled runs write, a preview does not count).',
    attributes: ['mode'],
  },
  'cloud_sync.guard.blocked': {
    kind: 'counter',
    unit: '{run}',
    description: 'Runs that the large-change guard blocked.',
    attributes: [],
  },
  'cloud_sync.run.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the start of a run to its end, waits between slices included.',
    attributes: ['status', 'mode'],
    boundaries: runSeconds,
  },
  'cloud_sync.run.work': {
    kind: 'histogram',
    unit: 's',
    description: 'Seconds of work of a run over all its slices: what Azure bills.',
    attributes: ['status', 'mode'],
    boundaries: runSeconds,
  },
  'cloud_sync.changes': {
    kind: 'counter',
    unit: '{change}',
    description: 'Changes of runs that ended, by what became of them.',
    attributes: ['action', 'status', 'mode'],
  },
  'cloud_sync.warnings': {
    kind: 'counter',
    unit: '{warning}',
    description: 'Warnings of runs that ended.',
    attributes: ['code'],
  },
  'cloud_sync.upstream.calls': {
    kind: 'counter',
    unit: '{call}',
    description: 'Calls that left, repeats included. `status` is the HTTP status, or `none`.',
    attributes: ['upstream', 'status'],
  },
  'cloud_sync.upstream.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'How long calls took, connect to last byte.',
    attributes: ['upstream', 'operation'],
    boundaries: callSeconds,
  },
  'cloud_sync.upstream.wait': {
    kind: 'counter',
    unit: 's',
    description:
      'Seconds waited because an upstream or its rate limit asked for it, summed over calls that waited side by side.',
    attributes: ['upstream'],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>

export type MetricName = keyof typeof metrics
