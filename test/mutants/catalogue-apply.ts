import { type Mutant, mutantsOf } from './mutant.ts'

/** Bugs in applying a plan. */
export const applyMutants: readonly Mutant[] = [
  ...mutantsOf('core/apply/references.ts', [
    [
      'a delegate is named by the address it had before the run',
      'account === undefined ? ref.address : account.address,',
      'ref.address,',
    ],
    [
      'a delegate whose account could not be made is named',
      'account === undefined ? ref.scimId === null && ref.identifier !== null : account.isPending',
      'account === undefined && ref.scimId === null && ref.identifier !== null',
    ],
  ]),
  ...mutantsOf('core/apply/schedule.ts', [
    [
      'a user is renamed while somebody names them',
      'return isNamedBy(left.renames, right) || isNamedBy(right.renames, left)',
      'return isNamedBy(left.renames, left) || isNamedBy(right.renames, right)',
    ],
    [
      'suspensions do not wait for the others',
      'const stageOrder = { write: 0, link: 1, suspend: 2 }',
      'const stageOrder = { write: 2, link: 1, suspend: 0 }',
    ],
  ]),
  ...mutantsOf('core/apply/write-step.ts', [
    [
      'a refused alias takes the whole account down',
      'if (alias === null) return toResult(step, first, [])',
      'if (alias !== undefined) return toResult(step, first, [])',
    ],
    [
      'an empty list is sent to empty a group',
      'if (members?.length !== 0) return writer.update',
      'if (members !== null) return writer.update',
    ],
  ]),
  ...mutantsOf('core/apply/row-after.ts', [
    [
      'a refused alias is forgotten',
      'refusedAliases: [...merged, ...refusedNow.values()]',
      'refusedAliases: merged',
    ],
  ]),
  ...mutantsOf('core/apply/committer.ts', [
    [
      'rows of former links stay',
      'group.flatMap((item) => item.removeRows)',
      'group.flatMap((item) => item.removeRows.slice(item.removeRows.length))',
    ],
  ]),
  ...mutantsOf('core/apply/apply.ts', [
    [
      'a change is applied after its first write',
      'const isLast = unit.isLast && offset === unit.steps.length - 1',
      'const isLast = offset >= 0',
    ],
    [
      'an alias refused by the first write of two is forgotten',
      'rowAfter(change, result.scimId, step.write, refused)',
      'rowAfter(change, result.scimId, step.write, result.refused)',
    ],
  ]),
]
