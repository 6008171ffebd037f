/** What must never leave the app: secrets anywhere, addresses in a log above DEBUG. */
import { strFromU8, unzipSync } from 'fflate'
import type { OutboxMail } from '../simulators/mail/outbox.ts'

/** Says in which of these texts one of the secrets stands. @returns one line for each find, without the secret */
export function leaksIn(
  texts: Iterable<readonly [where: string, text: string]>,
  secrets: readonly string[],
): string[] {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])
  const finds: string[] = []
  for (const [where, text] of texts) {
    const at = forms.findIndex((form) => text.includes(form))
    if (at >= 0) finds.push(`${where} holds secret ${Math.floor(at / 2) + 1} of ${secrets.length}`)
  }
  return finds
}

/** Lines of a log that name an address of the test's domains. */
export function linesWithAddresses(lines: readonly string[]): string[] {
  return lines.filter((line) => /[\w.+-]+@[\w.-]+\.example/i.test(line))
}

/** Everything that a mail brings to its readers, archives opened. */
export function textsOfMail(mail: OutboxMail): (readonly [string, string])[] {
  const name = (part: string) => `mail ${mail.number}, ${part}`
  return [
    [name('subject'), mail.subject],
    [name('text'), mail.text],
    [name('HTML'), mail.html],
    ...filesOf(mail).map(({ name: file, text }) => [name(file), text] as const),
  ]
}

/** The attachments as text; those of a zip one by one. */
export function filesOf({ attachments }: OutboxMail): { name: string; text: string }[] {
  return attachments.flatMap(({ name, content }) => {
    if (!name.endsWith('.zip')) return [{ name, text: strFromU8(content) }]
    const files = Object.entries(unzipSync(content))
    return files.map(([inside, bytes]) => ({ name: inside, text: strFromU8(bytes) }))
  })
}
