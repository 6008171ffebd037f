import type { AccountWrite, JournalChange, WriteStep } from '../model/change.ts'

/** The steps of one change that stand at one place in the order. */
export interface Unit {
  readonly sequence: number
  readonly position: number
  readonly after: readonly number[]
  /** Empty for a change that writes only its row. */
  readonly steps: readonly WriteStep[]
  /** Index of the first of these steps in the change's steps. */
  readonly firstStep: number
  readonly isLast: boolean
  readonly stage: 'write' | 'link' | 'suspend'
  /** SCIM id of the account whose address the steps change; `null` = they change none. */
  readonly renames: string | null
  /** SCIM ids of users whom the steps name as delegates, by address. */
  readonly names: ReadonlySet<string>
}

/** True when one of them names a user by the address that the other changes: only one may be under way. */
export function disturb(left: Unit, right: Unit): boolean {
  return isNamedBy(left.renames, right) || isNamedBy(right.renames, left)
}

function isNamedBy(renamed: string | null, { names }: Unit): boolean {
  return renamed !== null && names.has(renamed)
}

const stageOrder = { write: 0, link: 1, suspend: 2 }

/** What is left to do of planned changes, in order: writes by position, rows alone, suspensions last. */
export function remainingUnits(changes: Iterable<JournalChange>): Unit[] {
  const units: Unit[] = []
  for (const change of changes) {
    if (change.status === 'planned') units.push(...unitsOf(change))
  }
  return units.sort(
    (left, right) =>
      stageOrder[left.stage] - stageOrder[right.stage] ||
      left.position - right.position ||
      left.sequence - right.sequence,
  )
}

function unitsOf(change: JournalChange): Unit[] {
  const { steps } = change.work
  const stage = change.action === 'suspend' ? 'suspend' : 'write'
  if (steps.length <= change.stepsDone) {
    return [
      {
        sequence: change.sequence,
        position: 0,
        after: [],
        steps: [],
        firstStep: steps.length,
        isLast: true,
        stage: change.action === 'suspend' ? 'suspend' : 'link',
        renames: null,
        names: new Set(),
      },
    ]
  }
  const units: Unit[] = []
  for (let start = change.stepsDone; start < steps.length; ) {
    const position = steps[start]?.position ?? 0
    let end = start + 1
    while (end < steps.length && steps[end]?.position === position) end += 1
    const unitSteps = steps.slice(start, end)
    units.push({
      sequence: change.sequence,
      position,
      after: steps[start]?.after ?? [],
      steps: unitSteps,
      renames: unitSteps.some(({ write }) => write.address !== undefined) ? change.scimId : null,
      names: new Set(unitSteps.flatMap(({ write }) => delegatesNamedIn(write))),
      firstStep: start,
      isLast: end === steps.length,
      stage,
    })
    start = end
  }
  return units
}

function delegatesNamedIn({ extension }: AccountWrite): readonly string[] {
  return (extension?.delegates ?? []).flatMap(({ scimId }) => scimId ?? [])
}
