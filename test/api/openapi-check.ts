/** Checks answers of the HTTP API against its OpenAPI document, with a JSON Schema validator that knows neither. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import * as z from 'zod'

const responseSchema = z.object({
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).optional(),
})
const documentSchema = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ responses: z.record(z.string(), responseSchema) })),
  ),
})

interface ObservedAnswer {
  readonly method: string
  /** Path behind the route prefix (`/runs/…`), without query. */
  readonly path: string
  readonly status: number
  readonly contentType: string
  /** Parsed for JSON, the text otherwise. */
  readonly body: unknown
}

/** Says what is wrong with an answer; an empty list = the document describes it. */
export type OpenApiCheck = (answer: ObservedAnswer) => string[]

/** The formats that the document uses: Ajv knows none by itself. */
const formats = {
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
  uri: (text: string) => URL.canParse(text),
}

// Ajv only warns of a format that it does not know, and then takes everything for it.
const refuse = (text: string) => {
  throw new Error(text)
}

/** @throws when the document or one of its schemas is not valid, or a reference leads nowhere */
export function createOpenApiCheck(document: unknown): OpenApiCheck {
  const { paths } = documentSchema.parse(document)
  const logger = { log: refuse, warn: refuse, error: refuse }
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats, logger })
  ajv.addSchema(document as object, 'openapi')
  const compiled = new Map<object, ValidateFunction>()
  const validate = (schema: object, body: unknown): string[] => {
    const check = compiled.get(schema) ?? ajv.compile(absolute(schema))
    compiled.set(schema, check)
    return check(body)
      ? []
      : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
  }
  return ({ method, path, status, contentType, body }) => {
    const what = `${method} ${path} ${status}`
    const template = Object.keys(paths).find((key) => patternOf(key).test(path))
    const operation = template === undefined ? undefined : paths[template]?.[method.toLowerCase()]
    const response = operation?.responses[String(status)]
    if (response === undefined) return [`${what} is not in the document`]
    const mediaType = contentType.split(';')[0]?.trim() ?? ''
    if (mediaType === '' && body === '' && response.content === undefined) return []
    const content = response.content?.[mediaType]
    if (content === undefined) return [`${what} has no ${mediaType}`]
    return validate(content.schema, body).map((fault) => `${what}: ${fault}`)
  }
}

/** The same schema, its references leading into the document. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object
}

function patternOf(template: string): RegExp {
  const literal = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(/\{\w+\}/g, '[^/]+')}$`)
}
