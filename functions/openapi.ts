import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { openApiDocument } from '../core/api/openapi.ts'
import { documentSchema } from '../core/api/operations.ts'
import { jsonAnswer } from './answers.ts'
import type { Invocation } from './invocation.ts'

/** `GET /api/openapi.json`. */
export function getOpenApi(_request: HttpRequest, { version }: Invocation): HttpResponseInit {
  return jsonAnswer(documentSchema, openApiDocument(version))
}
