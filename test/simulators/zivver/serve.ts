/**
 * Runs the simulated Zivver as a process of its own: `node serve.ts '{"key":"…","accounts":[…]}'`. Prints one line
 * of JSON: `{"ready":true,"url":"…/api/scim/v2","origin":"…"}`.
 */
import { runStandalone } from '../shared/standalone.ts'
import { startZivver, type ZivverSetup } from './server.ts'

await runStandalone(async () => {
  // startZivver checks the options itself.
  const setup = JSON.parse(process.argv[2] ?? '{}') as ZivverSetup
  const zivver = await startZivver(setup)
  return {
    announce: { url: zivver.url, origin: zivver.origin },
    close: () => zivver.close(),
  }
})
