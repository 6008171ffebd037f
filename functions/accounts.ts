import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import * as z from 'zod'
import { accountToJson } from '../core/api/account.ts'
import { accountListSchema } from '../core/api/operations.ts'
import { encodeContinuation } from '../core/api/paging.ts'
import { inputProblem, jsonAnswer } from './answers.ts'
import type { Invocation } from './invocation.ts'
import { continuationParameter, parseQuery } from './page-query.ts'

/** `GET /api/accounts`: mapping rows, those whose address begins with `address`. */
export async function listAccounts(
  request: HttpRequest,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const address = request.query.get('address')?.trim().toLowerCase() ?? ''
  const scope = `accounts ${address}`
  const parsed = parseQuery(request, z.object({ continuation: continuationParameter(scope) }))
  if (!parsed.ok) return inputProblem([...parsed.errors])
  const filter = address === '' ? {} : { address }
  const page = await invocation.storage().mappings.query(filter, parsed.query.continuation)
  return jsonAnswer(accountListSchema, {
    accounts: page.rows.map(accountToJson),
    ...(page.continuation !== undefined && {
      continuation: encodeContinuation(scope, page.continuation),
    }),
  })
}
