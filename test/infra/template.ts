/** What the tests read of `infra/azuredeploy.json` and of the files around it. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const infra = new URL('../../infra/', import.meta.url)

export function readInfra(path: string): string {
  return readFileSync(new URL(path, infra), 'utf8')
}

const parameterSchema = z.object({
  type: z.string(),
  defaultValue: z.unknown().optional(),
  allowedValues: z.array(z.unknown()).optional(),
  metadata: z.object({ description: z.string() }).optional(),
})

const parametersSchema = z.record(z.string(), parameterSchema)

const moduleSchema = z.object({
  dependsOn: z.array(z.string()).default([]),
  properties: z.object({
    template: z.object({
      parameters: parametersSchema.default({}),
      variables: z.record(z.string(), z.unknown()).default({}),
      resources: z.unknown(),
      outputs: z.record(z.string(), z.unknown()).default({}),
    }),
  }),
})

const templateSchema = z.object({
  parameters: parametersSchema,
  resources: z.record(z.string(), moduleSchema),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
})

export type Template = z.infer<typeof templateSchema>

/** The committed template: that of the Deploy-to-Azure button. */
export function readTemplate(): Template {
  return templateSchema.parse(JSON.parse(readInfra('azuredeploy.json')))
}

/** Names of the parameters that a `.bicepparam` file gives. */
export function bicepParamNames(text: string): string[] {
  return [...text.matchAll(/^param (\w+) =/gm)].map(([, name]) => name ?? '')
}
