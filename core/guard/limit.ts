import type { GuardVerdict } from '../model/run.ts'

/**
 * True when so many changes are above the limit (contract, section 7). A single change passes any limit but 0; the first
 * sync, while Zivver has no account yet, passes none.
 */
export function isOverLimit({
  changed,
  total,
  limit_percent: limitPercent,
}: Pick<GuardVerdict, 'changed' | 'total' | 'limit_percent'>): boolean {
  if (changed === 0) return false
  if (limitPercent === 0 || total === 0) return true
  return changed > 1 && 100 * changed > limitPercent * total
}
