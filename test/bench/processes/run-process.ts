import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs a program of this folder. @returns the JSON that it prints */
export async function runProcess(name: string, argument: object): Promise<unknown> {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  // A million accounts do not fit into the default heap.
  const options = ['--max-old-space-size=12000', '--expose-gc', script, JSON.stringify(argument)]
  const { stdout } = await promisify(execFile)(process.execPath, options)
  return JSON.parse(stdout)
}
