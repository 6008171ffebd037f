import { fileURLToPath } from 'node:url'
import { startHost } from '../../host/start-host.ts'
import { startAzurite } from '../../support/azurite.ts'
import { build } from '../../tools/build.ts'
import { median } from '../median.ts'
import { processLine, type Row } from '../row.ts'
import { atMost } from '../run-line.ts'

const rounds = 5
const mostOfUnbundled = 0.75

/** Process start to the first answer: what an invocation waits for when no instance is warm. */
export const coldStart: Row = {
  name: 'cold-start',
  title: 'Cold start: process start to first answer',
  measure: async ({ tell }) => {
    const { outfile } = await build()
    const sources = fileURLToPath(new URL('../../../functions/index.ts', import.meta.url))
    await using azurite = await startDisposableAzurite()
    const seconds = { bundle: [] as number[], sources: [] as number[] }
    for (let round = 1; round <= rounds; round++) {
      tell(`round ${round} of ${rounds}`)
      seconds.bundle.push(await firstAnswer(outfile, azurite.connectionString))
      seconds.sources.push(await firstAnswer(sources, azurite.connectionString))
    }
    const [bundle, unbundled] = [median(seconds.bundle), median(seconds.sources)]
    return [
      processLine({
        work: `bundle, median of ${rounds}`,
        seconds: bundle,
        checks: [atMost('ratio to sources', bundle / unbundled, mostOfUnbundled)],
      }),
      processLine({ work: 'unbundled sources and packages', seconds: unbundled, checks: [] }),
    ]
  },
}

/** Without a compile cache: a new instance has none. */
async function firstAnswer(bundle: string, storage: string): Promise<number> {
  const began = performance.now()
  const env = { AzureWebJobsStorage: storage, NODE_COMPILE_CACHE: undefined }
  await using host = await startHost({ env, bundle })
  const answer = await fetch(`${host.url}/api/openapi.json`)
  await answer.text()
  if (!answer.ok) throw new Error(`the first answer has status ${answer.status}`)
  return (performance.now() - began) / 1000
}

async function startDisposableAzurite() {
  const azurite = await startAzurite()
  return {
    connectionString: azurite.connectionString,
    [Symbol.asyncDispose]: () => azurite.close(),
  }
}
