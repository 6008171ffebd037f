/**
 * A rule that oxlint does not have: `require-atomic-updates` (a variable that is read, awaited over and written loses what
 * happened meanwhile). It is ESLint's own, run by oxlint as a plugin.
 */
import { builtinRules } from 'eslint/use-at-your-own-risk'

const name = 'require-atomic-updates'

// oxlint takes a plugin's default export.
export default { meta: { name: 'atomic' }, rules: { [name]: builtinRules.get(name) } }
