import { type Action, actions } from '../../core/model/change.ts'
import { messagesOf } from '../../core/report/messages/messages.ts'
import { reasonText, scopeText } from '../../core/report/messages/reasons.ts'
import type { Scene } from './scene.ts'
import { type Row, table } from './table.ts'

const messages = messagesOf('en')

const done: Readonly<Record<Action, string>> = {
  create: 'Created',
  update: 'Updated',
  suspend: 'Suspended',
  reactivate: 'Reactivated',
  link: 'Linked',
}

/** A table that an administrator understands, with a heading. */
export interface Section {
  readonly heading: string
  readonly lines: readonly string[]
}

/** What a sync did, what it left alone, and what somebody should look at; sections without a line are left out. */
export function whatHappened(scene: Scene): readonly Section[] {
  const sections: readonly Section[] = [
    {
      heading: 'What happened in Zivver',
      lines: table(changeRows(scene), ['users', 'functional']),
    },
    { heading: 'What was left alone', lines: table(leftAloneRows(scene)) },
    {
      heading: 'What somebody should look at (the report names each, with its remedy)',
      lines: table(warningRows(scene)),
    },
  ]
  return sections.filter(({ lines }) => lines.length > 1)
}

function changeRows({ changes }: Scene): readonly Row[] {
  return actions.flatMap((action) => {
    const ofAction = changes.filter((change) => change.action === action)
    const reasons = [...new Set(ofAction.map(({ reason }) => reason))].sort()
    return reasons.map((reason) => {
      const count = (kind: string) =>
        ofAction.filter((change) => change.reason === reason && change.kind === kind).length
      return {
        words: [done[action], reasonText(messages, reason)],
        numbers: [count('user'), count('functional')],
      }
    })
  })
}

function leftAloneRows({ run }: Scene): readonly Row[] {
  const { unchanged, skipped, unmanaged } = run.counts
  const mailboxes = Object.entries(run.out_of_scope).map(([reason, count]) => ({
    words: ['Mailboxes', scopeText(messages, reason)],
    numbers: [count],
  }))
  const accounts = [
    { words: ['Accounts', 'already in step'], numbers: [unchanged] },
    { words: ['Accounts', 'outside the included domains, not managed'], numbers: [unmanaged] },
    { words: ['Both', 'in a conflict: frozen until somebody decides'], numbers: [skipped] },
  ]
  return [...mailboxes, ...accounts].filter(({ numbers }) => numbers[0] !== 0)
}

function warningRows({ run }: Scene): readonly Row[] {
  const codes = [...new Set(run.warnings.map(({ code }) => code))]
  return codes.map((code) => ({
    words: [messages.titles[code]],
    numbers: [run.warnings.filter((warning) => warning.code === code).length],
  }))
}
