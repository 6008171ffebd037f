/** Two sections about people an administrator has to look at: who can still log in, and who has no mailbox. */
import { suspendedWithoutMailbox } from '../causes.ts'
import type { ReportContext } from '../context.ts'
import { shown } from '../display.ts'
import type { Section } from '../document.ts'

/** Leavers whose mailbox became a shared one while their user account stayed active. */
export function leaversSection(context: ReportContext): Section[] {
  const { input, messages } = context
  const addresses = input.run.warnings
    .filter(({ code }) => code === 'CAN_STILL_LOG_IN')
    .map(({ address, message }) => address ?? message)
  if (addresses.length === 0) return []
  const { heading, lead } = messages.leavers
  return [addressSection(heading(addresses.length), 'bad', lead, addresses, context)]
}

/** Suspensions of accounts that were never linked to a mailbox. */
export function withoutMailboxSection(context: ReportContext): Section[] {
  const { input, messages } = context
  const addresses = suspendedWithoutMailbox(input.changes).map(({ address }) => address)
  if (addresses.length === 0) return []
  const { heading, lead } = messages.withoutMailbox
  return [addressSection(heading(addresses.length), 'attention', lead, addresses, context)]
}

function addressSection(
  heading: string,
  tone: Section['tone'],
  lead: string,
  addresses: readonly string[],
  { messages, limits }: ReportContext,
): Section {
  const named = addresses.slice(0, limits.lines).map((address) => shown(address, limits.characters))
  const left = addresses.length - named.length
  const items = left > 0 ? [...named, messages.changes.more(left)] : named
  return {
    heading,
    tone,
    blocks: [
      { type: 'paragraph', text: lead },
      { type: 'bullets', items },
    ],
  }
}
