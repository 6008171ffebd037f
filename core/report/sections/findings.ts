/** Failed changes and warnings, grouped by code, each group with its remedy. */
import { type ErrorCode, errorCodes, type WarningCode, warningCodes } from '../../errors.ts'
import type { ReportContext } from '../context.ts'
import { shown } from '../display.ts'
import type { Block, Section } from '../document.ts'
import { remedies } from '../remedies.ts'

export function failuresSection(context: ReportContext): Section[] {
  const { input, messages } = context
  const failed = input.changes.flatMap(({ address, error }) =>
    error === null ? [] : [{ code: error.code, line: `${address}: ${error.message}` }],
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
    .map(({ code, message }) => ({ code, line: message }))
  if (warnings.length === 0) return []
  const blocks = groupsOf(warnings, warningCodes, context)
  return [{ heading: messages.warnings.heading(warnings.length), tone: 'plain', blocks }]
}

function groupsOf<Code extends ErrorCode | WarningCode>(
  findings: readonly { readonly code: Code; readonly line: string }[],
  codes: readonly Code[],
  context: ReportContext,
): Block[] {
  return codes.flatMap((code) => {
    const lines = findings.filter((finding) => finding.code === code).map(({ line }) => line)
    return lines.length === 0 ? [] : [groupOf(code, lines, context)]
  })
}

function groupOf(
  code: ErrorCode | WarningCode,
  lines: readonly string[],
  { input, messages, formats, limits }: ReportContext,
): Block {
  const named = lines.slice(0, limits.lines).map((line) => shown(line, 3 * limits.characters))
  const left = lines.length - named.length
  return {
    type: 'finding',
    title: `${messages.titles[code]} (${formats.number(lines.length)}) · ${code}`,
    blocks: [
      {
        type: 'paragraph',
        text: `${messages.warnings.remedy}: ${remedies[code][input.language]}`,
      },
      {
        type: 'quote',
        label: input.language === 'en' ? null : messages.cause.technical,
        lines: left > 0 ? [...named, messages.changes.more(left)] : named,
      },
    ],
  }
}
