import * as z from 'zod'
import { accountSchema } from './account.ts'
import { changeSchema } from './change.ts'
import { errorCodeSchema, warningCodeSchema } from './codes.ts'
import { flagsSchema } from './flags.ts'
import { checkSchema, healthSchema } from './health.ts'
import {
  type Answer,
  accountListSchema,
  changeListSchema,
  type Operation,
  operations,
  runListSchema,
  startedRunSchema,
} from './operations.ts'
import { problemSchema } from './problem.ts'
import { runSchema } from './run.ts'
import { evidenceSchema, verdictSchema } from './verification.ts'

/** The named schemas of the document. */
const components: Readonly<Record<string, z.ZodType>> = {
  Run: runSchema,
  RunList: runListSchema,
  StartedRun: startedRunSchema,
  Flags: flagsSchema,
  Change: changeSchema,
  ChangeList: changeListSchema,
  Account: accountSchema,
  AccountList: accountListSchema,
  Health: healthSchema,
  HealthCheck: checkSchema,
  Evidence: evidenceSchema,
  Verdict: verdictSchema,
  Problem: problemSchema,
  ErrorCode: errorCodeSchema,
  WarningCode: warningCodeSchema,
}

type Json = Record<string, unknown>

/**
 * The OpenAPI 3.1 document of the HTTP API, made from the schemas that check the answers.
 * @param version of Cloud Sync
 */
export function openApiDocument(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cloud Sync',
      version,
      description: 'Keeps Zivver accounts in step with Exchange Online mailboxes.',
    },
    servers: [{ url: '/api' }],
    security: [{ keyHeader: [] }, { keyQuery: [] }],
    paths: paths(),
    components: {
      securitySchemes: {
        keyHeader: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        keyQuery: { type: 'apiKey', in: 'query', name: 'code' },
      },
      schemas: componentSchemas(),
    },
  }
}

function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { io: 'output', uri: reference, override: tidy })
  // `$schema` is OpenAPI's own default, and an `$id` may not be a fragment.
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]),
  )
}

// What zod adds to say in full what `format` and `integer` say already.
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
}

function reference(id: string): string {
  return `#/components/schemas/${id}`
}

function paths(): Record<string, Json> {
  const byPath: Record<string, Json> = {}
  for (const [name, operation] of Object.entries<Operation>(operations)) {
    const path = (byPath[`/${operation.route}`] ??= {})
    path[operation.method.toLowerCase()] = describe(name, operation)
  }
  return byPath
}

function describe(name: string, operation: Operation): Json {
  const parameters = [...operation.parameters, ...(operation.takesFlags ? flagParameters() : [])]
  return {
    operationId: name,
    summary: operation.summary,
    ...(operation.needsKey ? {} : { security: [] }),
    ...(parameters.length > 0 && {
      parameters: parameters.map((parameter) => ({
        ...parameter,
        required: parameter.in === 'path',
      })),
    }),
    ...(operation.takesFlags && {
      requestBody: { content: { 'application/json': { schema: { $ref: reference('Flags') } } } },
    }),
    responses: responses(operation),
  }
}

function flagParameters() {
  const { properties = {} } = z.toJSONSchema(flagsSchema, { io: 'input' })
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    schema: schema as Json,
    ...(name === 'relink' && { style: 'form', explode: false }),
  }))
}

function responses(operation: Operation): Json {
  const entries: (readonly [string, Json])[] = Object.entries(operation.answers).map(
    ([status, answer]) => [status, response(answer)],
  )
  const unexpected = {
    description: 'An unexpected error',
    schema: problemSchema,
    mediaTypes: ['application/problem+json'],
  }
  return Object.fromEntries([
    ...entries,
    ...(operation.needsKey
      ? [['401', { description: 'The function key is missing or wrong' }]]
      : []),
    ['500', response(unexpected)],
    ...('503' in operation.answers
      ? []
      : [['503', response({ ...unexpected, description: 'Storage cannot be reached' })]]),
  ])
}

function response({ description, schema, mediaTypes = [], headers }: Answer): Json {
  const content = mediaTypes.map((type) => [type, { schema: contentSchema(type, schema) }])
  return {
    description,
    ...(headers && { headers: Object.fromEntries(Object.entries(headers).map(describeHeader)) }),
    content: Object.fromEntries(content),
  }
}

function contentSchema(mediaType: string, schema: z.ZodType | undefined): Json {
  if (schema === undefined || !mediaType.endsWith('json')) return { type: 'string' }
  const id = Object.keys(components).find((name) => components[name] === schema)
  return id === undefined ? { type: 'object' } : { $ref: reference(id) }
}

function describeHeader([name, description]: [string, string]) {
  return [name, { description, schema: { type: 'string' } }] as const
}
