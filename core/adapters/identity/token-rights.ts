import * as z from 'zod'
import type { TokenRights } from '../../ports.ts'
import { parseJson } from '../http/http-client.ts'

const id = z.string().toLowerCase()
const claimsSchema = z.object({
  roles: z.array(z.string()).optional(),
  wids: z.array(id).optional(),
  tid: id.optional(),
  oid: id.optional(),
})

/**
 * Reads what a token allows, for people: no decision of a run depends on it. A token may be opaque (contract, section 2).
 * @returns `null` when it cannot be read
 */
export function readTokenRights(token: string): TokenRights | null {
  const [, payload, signature] = token.split('.')
  if (payload === undefined || signature === undefined) return null
  const text = Buffer.from(payload, 'base64url').toString()
  const claims = claimsSchema.safeParse(parseJson(text))
  if (!claims.success) return null
  const { roles = [], wids = null, tid = null, oid = null } = claims.data
  return { appRoles: roles, directoryRoles: wids, tenantId: tid, principalId: oid }
}
