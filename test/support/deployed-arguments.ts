import { readFileSync } from 'node:fs'

const name = 'languageWorkers__node__arguments'
const file = new URL('../../infra/modules/app-settings.bicep', import.meta.url)

/**
 * What Node.js is started with where the app is deployed, as the environment that says so: hosts in tests and
 * measurements run with the same.
 * @throws Error when the Bicep file does not say it any more
 */
export function deployedArguments(): Readonly<Record<typeof name, string>> {
  const value = new RegExp(`${name}: '([^']+)'`).exec(readFileSync(file, 'utf8'))?.[1]
  if (value === undefined) throw new Error(`${file.pathname} does not set ${name}`)
  return { [name]: value }
}
