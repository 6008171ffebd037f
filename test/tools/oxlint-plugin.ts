/**
 * Rules that oxlint does not have, against lost updates: what is read, awaited over and written loses what happened
 * meanwhile. `require-atomic-updates` is ESLint's own, run by oxlint as a plugin; it looks at variables.
 * `no-await-in-compound-assignment` is ours: `counts.sum += await read()` reads `counts.sum` before it waits.
 */
import type { Rule } from 'eslint'
import { builtinRules } from 'eslint/use-at-your-own-risk'

const noAwaitInCompoundAssignment: Rule.RuleModule = {
  create: (context) => ({
    AwaitExpression: (node: Rule.Node) => {
      const target = compoundAssignmentAround(node)
      if (target === null) return
      const message = 'The left side is read before the wait and written after it: await first'
      context.report({ node: target, message })
    },
  }),
}

/** The `+=`, `??=` and so on whose right side waits here; `null` = none in this function. */
function compoundAssignmentAround(node: Rule.Node): Rule.Node | null {
  for (let inner = node; inner.parent !== null; inner = inner.parent) {
    const { parent } = inner
    if (/Function/.test(parent.type)) return null
    if (parent.type !== 'AssignmentExpression' || parent.operator === '=') continue
    if (parent.right === inner) return parent
  }
  return null
}

const rules = {
  'require-atomic-updates': builtinRules.get('require-atomic-updates'),
  'no-await-in-compound-assignment': noAwaitInCompoundAssignment,
}

// oxlint takes a plugin's default export.
export default { meta: { name: 'atomic' }, rules }
