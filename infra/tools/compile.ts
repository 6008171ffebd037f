/** `npm run template`: compiles `infra/main.bicep` to `infra/azuredeploy.json`, what the Deploy-to-Azure button takes. */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type BicepCompiler, findBicep } from './bicep-compiler.ts'

const source = fileURLToPath(new URL('../main.bicep', import.meta.url))
const target = fileURLToPath(new URL('../azuredeploy.json', import.meta.url))

export interface CompiledTemplate {
  readonly text: string
  /** Warnings of the compiler and of its linter; `''` = none. */
  readonly findings: string
}

/** @throws Error with the compiler's diagnostics */
export async function compileTemplate(bicep: BicepCompiler): Promise<CompiledTemplate> {
  const { stdout, stderr } = await bicep.run(['build', source, '--stdout'])
  return { text: stdout.endsWith('\n') ? stdout : `${stdout}\n`, findings: stderr }
}

async function main(): Promise<number> {
  const bicep = await findBicep()
  if (bicep === null) {
    console.error('No Bicep command line: install it, or the .NET SDK with a way to NuGet.')
    return 1
  }
  const { text, findings } = await compileTemplate(bicep)
  await writeFile(target, text)
  console.log(`${findings}infra/azuredeploy.json is made from infra/main.bicep`)
  return 0
}

if (import.meta.main) process.exitCode = await main()
