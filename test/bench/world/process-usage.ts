import { readFile } from 'node:fs/promises'

/** What the kernel knows of a process; `null` where it does not tell (no Linux). */
export interface ProcessUsage {
  /** Largest resident set so far, in MiB (`VmHWM`). */
  readonly peakMiB: number | null
  /** CPU seconds, user and system. */
  readonly cpuSeconds: number | null
  /** Bytes read and written so far, on sockets and files alike. */
  readonly bytes: number | null
}

const ticksPerSecond = 100

export async function usageOf(pid: number): Promise<ProcessUsage> {
  const [status, stat, io] = await Promise.all(
    ['status', 'stat', 'io'].map((name) =>
      readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''),
    ),
  )
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(status ?? '')?.[1]
  // The second column, the name, may hold blanks: count from behind it.
  const columns = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  const ticks = Number(columns[11]) + Number(columns[12])
  const read = /^rchar: (\d+)/m.exec(io ?? '')?.[1]
  const written = /^wchar: (\d+)/m.exec(io ?? '')?.[1]
  return {
    peakMiB: peak === undefined ? null : Number(peak) / 1024,
    cpuSeconds: Number.isNaN(ticks) ? null : ticks / ticksPerSecond,
    bytes: read === undefined || written === undefined ? null : Number(read) + Number(written),
  }
}
