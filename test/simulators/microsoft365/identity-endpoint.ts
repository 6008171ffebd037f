import { type Answer, type Call, jsonAnswer } from '../shared/call.ts'
import type { Random } from '../shared/random.ts'
import type { Settings } from './settings.ts'
import { audiences, type TokenAuthority } from './token-authority.ts'

export interface IdentityEndpoint {
  readonly tokens: TokenAuthority
  readonly settings: Settings
  readonly random: Random
  /** The secret that `X-IDENTITY-HEADER` must carry. */
  readonly header: string
}

/** App Service's managed identity endpoint, api-version 2019-08-01 (reference 2.1 and 7). */
export function answerIdentity(call: Call, endpoint: IdentityEndpoint): Answer {
  const refuse = (status: number, message: string) =>
    jsonAnswer(status, { statusCode: status, message, correlationId: endpoint.random.guid() })
  if (call.method !== 'GET') return refuse(405, 'Only GET is supported.')
  if (call.headers['x-identity-header'] !== endpoint.header) {
    return refuse(401, 'The identity header is missing or wrong.')
  }
  if (call.query.get('api-version') !== '2019-08-01') {
    return refuse(400, 'Unsupported api-version.')
  }
  const isUserAssigned = ['client_id', 'principal_id', 'object_id', 'mi_res_id'].some((name) =>
    call.query.has(name),
  )
  const resource = call.query.get('resource') ?? ''
  const audience = resource.replace(/\/$/, '')
  const known = [...Object.values(audiences), ...endpoint.settings.identity.extraResources]
  if (isUserAssigned || !known.includes(audience)) {
    return refuse(400, 'No Managed Identity found for specified resource.')
  }
  const { token, expiresOn } = endpoint.tokens.issue(audience)
  return jsonAnswer(200, {
    access_token: token,
    expires_on: String(expiresOn),
    // Exactly as asked: MSAL finds its cached token by it.
    resource,
    token_type: 'Bearer',
    client_id: endpoint.tokens.clientId,
  })
}
