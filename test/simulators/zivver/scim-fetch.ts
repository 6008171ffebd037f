import { urns } from './payloads.ts'

export interface ScimAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; `null` when it is no JSON. */
  readonly json: ScimBody | null
}

/** What tests read of a body, a resource or a list. */
interface ScimBody {
  readonly [attribute: string]: unknown
  readonly id: string
  readonly Resources: readonly ScimBody[]
}

/** A plain SCIM caller, for the simulator's own tests. `PUT`, `POST` and `PATCH` get their `schemas` filled in. */
export function scimFetch(url: string, key = 'zivver-key') {
  return async (method: string, path: string, body?: object): Promise<ScimAnswer> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify({ schemas: schemasFor(method, path, body), ...body }) }),
    })
    const text = await response.text()
    const json = text.startsWith('{') ? (JSON.parse(text) as ScimBody) : null
    return { status: response.status, headers: response.headers, text, json }
  }
}

function schemasFor(method: string, path: string, body: object): readonly string[] {
  if (method === 'PATCH') return [urns.patchOp]
  const core = path.startsWith('/Users') ? urns.user : urns.group
  return [core, ...Object.keys(body).filter((name) => name.startsWith('urn:'))]
}
