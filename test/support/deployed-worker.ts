import { readFileSync } from 'node:fs'

const file = new URL('../../infra/modules/app-settings.bicep', import.meta.url)

/**
 * The settings with which Node.js is started where the app is deployed: hosts in tests and measurements run with the same.
 * @throws Error when the Bicep file does not say them any more
 */
export function deployedWorkerSettings(): Readonly<Record<string, string>> {
  const block = /^var worker = \{\n([^}]*)\}/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  const settings = [...block.matchAll(/^ {2}(\w+): '([^']+)'$/gm)]
  if (settings.length === 0) throw new Error(`${file.pathname} has no "var worker" with settings`)
  return Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value]))
}
