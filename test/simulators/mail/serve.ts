/**
 * Runs the simulated mail service as a process of its own: `node serve.ts '{"port":…}'`. Prints one line of JSON:
 * `{"ready":true,"url":"…","connectionString":"…"}`.
 */
import { runStandalone } from '../shared/standalone.ts'
import { type MailSetup, startMail } from './server.ts'

await runStandalone(async () => {
  // startMail checks the options itself.
  const mail = await startMail(JSON.parse(process.argv[2] ?? '{}') as MailSetup)
  return {
    announce: { url: mail.url, connectionString: mail.connectionString },
    close: () => mail.close(),
  }
})
