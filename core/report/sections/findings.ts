/** Failed changes and warnings, grouped by code, each group with its remedy. */
import { type ErrorCode, errorCodes, type WarningCode, warningCodes } from '../../errors.ts'
import type { ReportContext } from '../context.ts'
import type { Block, Section } from '../document.ts'
import { quotations, type StoredMessage } from '../quotations.ts'
import { remedies } from '../remedies.ts'

/** Failures that are new, in full; one that was told before has a line among the warnings. */
export function failuresSection(context: ReportContext): Section[] {
  const { input, messages } = context
  const repeated = new Set(
    input.run.warnings.flatMap(({ code, address }) =>
      code === 'FAILING_REPEATEDLY' ? [address] : [],
    ),
  )
  const failed = input.changes.flatMap(({ address, error }) =>
    error === null || repeated.has(address) ? [] : [{ ...error, about: address }],
  )
  if (failed.length === 0) return []
  const blocks = groupsOf(failed, errorCodes, context)
  return [{ heading: messages.failures.heading(failed.length), tone: 'attention', blocks }]
}

export function warningsSection(context: ReportContext): Section[] {
  const { input, messages } = context
  // Who can still log in has a section of its own.
  const warnings = input.run.warnings
    .filter(({ code }) => code !== 'CAN_STILL_LOG_IN')
    .map(({ code, message }) => ({ code, message }))
  if (warnings.length === 0) return []
  const blocks = groupsOf(warnings, warningCodes, context)
  return [{ heading: messages.warnings.heading(warnings.length), tone: 'plain', blocks }]
}

function groupsOf<Code extends ErrorCode | WarningCode>(
  findings: readonly (StoredMessage & { readonly code: Code })[],
  codes: readonly Code[],
  context: ReportContext,
): Block[] {
  return codes.flatMap((code) => {
    const group = findings.filter((finding) => finding.code === code)
    return group.length === 0 ? [] : [groupOf(code, group, context)]
  })
}

function groupOf(
  code: ErrorCode | WarningCode,
  group: readonly StoredMessage[],
  context: ReportContext,
): Block {
  const { input, messages, formats, limits } = context
  const named = group.slice(0, limits.lines)
  const left = group.length - named.length
  const remedy = `${messages.warnings.remedy}: ${remedies[code][input.language]}`
  return {
    type: 'finding',
    title: `${messages.titles[code]} (${formats.number(group.length)}) · ${code}`,
    blocks: [
      { type: 'paragraph', text: remedy },
      ...quotations(named, context, 3 * limits.characters),
      ...(left > 0 ? [{ type: 'paragraph', text: messages.changes.more(left) } as const] : []),
    ],
  }
}
