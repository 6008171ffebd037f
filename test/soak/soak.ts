/**
 * `npm run soak -- --minutes 10`: the built app in real processes on random tenants, with everything going wrong that the
 * simulators and the operating system offer, judged by the oracle all the time. Ends with 1 when something was wrong.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from '../tools/build.ts'
import { readOptions } from './options.ts'
import { playWorld } from './play-world.ts'
import { Tally } from './tally.ts'

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  const { outfile } = await build()
  const began = performance.now()
  const isTimeLeft = () => performance.now() - began < options.minutes * 60_000
  const tally = new Tally()
  const minute = new AbortController()
  void printEachMinute(tally, minute.signal)
  let seed = options.seed
  const playOn = async () => {
    for (let isFirst = true; isFirst || (!options.isReplay && isTimeLeft()); isFirst = false) {
      const own = seed++
      const tell = (text: string) => {
        if (options.isReplay) console.log(text)
      }
      const mayGoOn = () => options.isReplay || isTimeLeft()
      const played = await playWorld(own, { bundle: outfile, mayGoOn, tell })
      tally.add(played)
      console.log(`seed ${own}: ${played.line}`)
      for (const { kind, text } of played.findings) console.log(`  ${kind}: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: options.isReplay ? 1 : options.worlds }, playOn))
  minute.abort()
  console.log(`\n${tally.table}`)
  for (const own of tally.seedsAtFault) console.log(`again: npm run soak -- --seed ${own}`)
  return tally.findings.length === 0 ? 0 : 1
}

async function printEachMinute(tally: Tally, signal: AbortSignal): Promise<void> {
  for (let minutes = 1; ; minutes++) {
    const isOver = await sleep(60_000, false, { signal }).catch(() => true)
    if (isOver) return
    console.log(`${minutes} min: ${tally.line}`)
  }
}

// What this process leaves alive or paused is ended as it exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exitCode = await main()
