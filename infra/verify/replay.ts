/** `npm run replay -- <file>`: makes the plan of a support bundle with this version, and says where it differs. */
import { readFileSync } from 'node:fs'
import { messageOf } from '../../core/errors.ts'
import { actions } from '../../core/model/change.ts'
import { bundleSchema } from '../../core/verify/bundle-schema.ts'
import { replay } from '../../core/verify/replay.ts'

function main([file]: readonly string[]): number {
  if (file === undefined) throw new Error('npm run replay -- <file of npm run support-bundle>')
  const bundle = bundleSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const { plan, missing, added } = replay(bundle)
  console.log(`made by ${bundle.madeBy} at ${bundle.madeAt}`)
  for (const action of actions) {
    const { planned, deferred } = plan.counts[action]
    console.log(
      `${action.padEnd(12)} ${planned}${deferred > 0 ? `, of which deferred ${deferred}` : ''}`,
    )
  }
  console.log(`unchanged    ${plan.counts.unchanged}\nskipped      ${plan.counts.skipped}`)
  for (const finding of plan.guard.findings) console.log(`guard        ${finding}`)
  for (const { code, message } of plan.warnings) console.log(`warning      ${code}: ${message}`)
  for (const line of missing) console.log(`only then    ${line}`)
  for (const line of added) console.log(`only now     ${line}`)
  const isSame = missing.length + added.length === 0
  console.log(isSame ? 'The plan is the same.' : 'The plan is another one.')
  return isSame ? 0 : 1
}

try {
  process.exitCode = main(process.argv.slice(2))
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 2
}
