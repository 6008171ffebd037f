import { build } from '../tools/build.ts'
import type { Environment } from './settings.ts'

/** The app setting with which Azure's host starts the language worker, the process that runs the app. */
const workerArgumentsName = 'languageWorkers__node__arguments'

export interface HostProgram {
  /** Of Node.js: the arguments that the app's settings ask for, and the program. */
  readonly args: readonly string[]
  /** What the program needs beside the environment that it is given. */
  readonly env: { readonly HOST_BUNDLE: string }
}

/**
 * Builds what is to be started for this environment: the app, unless `HOST_BUNDLE` names one, and the host itself. Run
 * from its sources the host would carry the translator of TypeScript and the resolver of packages in the app's process,
 * some 30 MB that Azure's worker does not have.
 */
export async function hostProgram(env: Environment): Promise<HostProgram> {
  const [app, host] = await Promise.all([
    env['HOST_BUNDLE'] ?? build().then(({ outfile }) => outfile),
    build({ entry: 'test/host/main.ts', outfile: 'dist/host/main.mjs', version: 'local host' }),
  ])
  const workerArguments = (env[workerArgumentsName] ?? '')
    .split(/\s+/)
    .filter((text) => text !== '')
  return { args: [...workerArguments, host.outfile], env: { HOST_BUNDLE: app } }
}
