/**
 * `npm run host`: builds the app and runs the bundle in the local Functions host, configured by the environment alone
 * (see README.md beside this file).
 */
import { spawn } from 'node:child_process'
import { hostProgram } from './host-program.ts'

const { args, env } = await hostProgram(process.env)
const host = spawn(process.execPath, args, {
  env: { ...process.env, ...env },
  stdio: ['pipe', 'inherit', 'inherit'],
  // Ctrl-C in a terminal goes to the whole process group: the host gets each signal once, from here.
  detached: process.platform !== 'win32',
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => host.kill(signal))
host.once('exit', (code) => process.exit(code ?? 1))
