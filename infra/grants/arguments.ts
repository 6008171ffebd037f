/** The command line of `infra/grant-permissions.ts`. */
import { parseArgs } from 'node:util'

export interface Arguments {
  readonly principalId: string
  readonly mode: 'grant' | 'revoke'
  /** Say what would be done, and do nothing. */
  readonly whatIf: boolean
  readonly graphUrl: string
}

export const usage = `Gives the managed identity of Cloud Sync the rights that it needs in Microsoft 365.
Run it as a Global Administrator, in Azure Cloud Shell or after \`az login\`. It uses your own sign-in: no app
registration is made, so none is left behind. A second run changes nothing.

  node infra/grant-permissions.ts --principal-id <object id> [--what-if] [--revoke]

  --principal-id  object id of the identity: the output principalId of the deployment,
                  or Function App > Settings > Identity
  --what-if       says what would be done, and does nothing
  --revoke        takes the rights away again
  --graph-url     Microsoft Graph of another cloud

The token comes from the Azure CLI, or from the environment variable GRAPH_TOKEN.`

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @throws Error that says what is wrong with the command line */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'principal-id': { type: 'string' },
      'what-if': { type: 'boolean', default: false },
      revoke: { type: 'boolean', default: false },
      'graph-url': { type: 'string', default: 'https://graph.microsoft.com' },
    },
  })
  const principalId = values['principal-id'] ?? ''
  if (!guid.test(principalId))
    throw new Error('--principal-id must be the object id (a GUID) of the identity')
  return {
    principalId,
    mode: values.revoke ? 'revoke' : 'grant',
    whatIf: values['what-if'],
    graphUrl: graphOrigin(values['graph-url']),
  }
}

function graphOrigin(text: string): string {
  const { protocol, hostname, origin } = new URL(text)
  if (protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost') return origin
  throw new Error('--graph-url must begin with https:')
}
