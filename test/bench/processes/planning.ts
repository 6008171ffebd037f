/**
 * Planning alone, in a process of its own: `node planning.ts '{"accounts":100000}'`. One account in a hundred differs.
 * Prints the CPU seconds of planning, and of `JSON.parse` of the same snapshot.
 */
import { sealComplete } from '../../../core/model/complete.ts'
import { buildPlan } from '../../../core/plan/plan.ts'
import { byIdentifier, byScimId } from '../../../core/snapshot/by-id.ts'
import { shareTexts } from '../../../core/snapshot/shared-texts.ts'
import {
  aMailbox,
  anAccount,
  aPolicy,
  aRow,
  aSnapshot,
  guid,
  type SnapshotParts,
} from '../../support/build.ts'
import { inParts } from '../in-parts.ts'
import { median } from '../median.ts'

const { accounts, rounds } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly accounts: number
  readonly rounds: number
}

/** One text of 1,000,000 accounts would be longer than a string can be. */
const itemsOfText = 100_000

const parts = asRead(snapshotParts(accounts))
const snapshot = aSnapshot(parts)
const policy = aPolicy()
const texts = textsOf(parts)
const plan: number[] = []
const parsing: number[] = []
let changes = 0
for (let round = 0; round < rounds; round++) {
  // Every round begins with a heap that holds the snapshot and nothing else, however large that is.
  collectGarbage()
  parsing.push(cpuSeconds(() => texts.map((text) => JSON.parse(text) as unknown)))
  // What was parsed is garbage now, as is what reading leaves behind in a run. Gigabytes of it are collected first.
  if (accounts > itemsOfText) collectGarbage()
  plan.push(
    cpuSeconds(() => {
      changes = buildPlan(snapshot, policy).changes.length
    }),
  )
}
process.stdout.write(`${JSON.stringify({ plan: median(plan), parse: median(parsing), changes })}\n`)

/** The snapshot as JSON: its lists in parts, and the rest. All that is parsed from them is held until the last one is. */
function textsOf({
  mailboxes = [],
  accounts = [],
  mappings = [],
  ...rest
}: SnapshotParts): string[] {
  const lists: readonly (readonly unknown[])[] = [mailboxes, accounts, mappings]
  const pieces = lists.flatMap((list) => [...inParts(list, itemsOfText)])
  return [...pieces, rest].map((piece) => JSON.stringify(piece))
}

function collectGarbage(): void {
  if (global.gc === undefined) throw new Error('start it with --expose-gc')
  global.gc()
}

function cpuSeconds(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/**
 * As reading hands it on: parsed text, and what mailbox, account and row have in common once. What a template has put
 * together is slower to compare than any text that was read.
 */
function asRead({ mailboxes = [], accounts = [], mappings = [], ...rest }: SnapshotParts) {
  const people = {
    mailboxes: sealComplete(mailboxes.map(parsed)),
    accounts: sealComplete(accounts.map(parsed)),
    mappings: sealComplete(mappings.map(parsed)),
  }
  const [mailboxesById, accountsById] = [byIdentifier(people.mailboxes), byScimId(people.accounts)]
  shareTexts({ ...people, mailboxesById, accountsById })
  return { ...rest, ...people }
}

function parsed<T>(item: T): T {
  return JSON.parse(JSON.stringify(item)) as T
}

function snapshotParts(count: number): SnapshotParts {
  const numbers = Array.from({ length: count }, (_none, at) => at + 1)
  const isShared = (number: number) => number % 10 === 0
  const delegatesOf = (number: number) =>
    isShared(number) ? [number + 1, number + 2].filter((other) => other <= count) : []
  return {
    mailboxes: numbers.map((number) =>
      aMailbox({
        identifier: guid(number),
        primarySmtpAddress: `person${number}@contoso.example`,
        displayName: number % 100 === 0 ? `Person X ${number}` : `Person ${number}`,
        secondarySmtpAddresses: [
          `p.${number}@contoso.example`,
          `p${number}@contoso.onmicrosoft.example`,
        ],
        recipientTypeDetails: isShared(number) ? 'SharedMailbox' : 'UserMailbox',
      }),
    ),
    accounts: numbers.map((number) =>
      anAccount({
        kind: isShared(number) ? 'functional' : 'user',
        scimId: `S${number}`,
        address: `person${number}@contoso.example`,
        displayName: `Person ${number}`,
        aliases: [`p.${number}@contoso.example`],
        externalAccountId: guid(number),
        delegates: delegatesOf(number).map((other) => `S${other}`),
      }),
    ),
    mappings: numbers.map((number) =>
      aRow({
        key: guid(number),
        kind: isShared(number) ? 'functional' : 'user',
        scimId: `S${number}`,
        address: `person${number}@contoso.example`,
        displayName: `Person ${number}`,
      }),
    ),
    delegates: Object.fromEntries(
      numbers
        .filter(isShared)
        .map((number) => [guid(number), { delegates: delegatesOf(number).map(guid) }]),
    ),
  }
}
