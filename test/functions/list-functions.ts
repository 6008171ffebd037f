/** Loads the app as the language worker does and prints what it registers, as JSON. */
import { fileURLToPath } from 'node:url'
import { loadApp } from '../host/worker/load-app.ts'

const app = await loadApp(fileURLToPath(new URL('../../functions/index.ts', import.meta.url)))
const triggers = app.functions.map(({ name, trigger }) => [name, trigger] as const)
process.stdout.write(JSON.stringify(Object.fromEntries(triggers)))
