/** `npm run package`: what is deployed, as a folder (`dist/package`) for azd and the Functions Core Tools. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { packageFiles } from './package.ts'
import { projectFile, readParts } from './parts.ts'

const target = projectFile('dist/package')

for (const [name, text] of Object.entries(packageFiles(await readParts()))) {
  const path = join(target, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
console.log('dist/package is what is deployed')
