/**
 * A release page, and the deployment host of a Function App ("one deploy"): `GET /releases/*`, `POST /api/publish`,
 * `GET /api/deployments/{id}`.
 */
import { randomUUID } from 'node:crypto'
import { type Answer, type Call, jsonAnswer, textAnswer } from '../shared/call.ts'
import { type SimulatorServer, startServer } from '../shared/server.ts'
import { createKeys, manifestOf, type ReleaseKeys, signEnvelope } from './signing.ts'

export interface ReleaseOptions {
  /** The one token that the deployment host takes; `null` = any. */
  readonly token: string | null
  readonly port?: number
  /** Called with the package when a deployment has succeeded: the platform restarts the app on it. */
  readonly onDeployed?: (bytes: Uint8Array) => void
}

export interface ReleaseSimulator extends SimulatorServer {
  readonly keys: ReleaseKeys
  /** `UPDATE_FEED`. */
  readonly feedUrl: string
  /** Publishes a release; `envelope` and `bytes` may be spoilt afterwards. */
  release(version: string, bytes: Uint8Array): Release
  /** Packages that were deployed, in order. */
  readonly deployed: readonly Uint8Array[]
  /** How the next deployments end: Kudu's status, 4 = success, 3 = failed, 1 = still building. */
  deploymentStatus: number
}

export interface Release {
  envelope: string
  bytes: Uint8Array
}

export async function startReleases(options: ReleaseOptions): Promise<ReleaseSimulator> {
  const state = new State(options)
  const server = await startServer({
    handle: (call) => state.answer(call),
    ...(options.port !== undefined && { port: options.port }),
  })
  return Object.assign(state, server, { feedUrl: `${server.url}/releases/update.json` })
}

class State {
  readonly keys = createKeys()
  readonly deployed: Uint8Array[] = []
  deploymentStatus = 4
  readonly #options: ReleaseOptions
  readonly #deployments = new Map<string, Uint8Array>()
  #newest: { readonly version: string; readonly release: Release } | null = null

  constructor(options: ReleaseOptions) {
    this.#options = options
  }

  release(version: string, bytes: Uint8Array): Release {
    const manifest = JSON.stringify(manifestOf(version, bytes))
    const release = { envelope: signEnvelope(manifest, this.keys), bytes }
    this.#newest = { version, release }
    return release
  }

  answer(call: Call): Answer {
    if (call.path.startsWith('/releases/')) return this.#page(call.path.slice('/releases/'.length))
    const { token } = this.#options
    if (token !== null && call.headers.authorization !== `Bearer ${token}`) {
      return textAnswer(401, 'Unauthorized')
    }
    if (call.method === 'POST' && call.path === '/api/publish') return this.#publish(call)
    const id = /^\/api\/deployments\/([^/]+)$/.exec(call.path)?.[1]
    return id === undefined ? textAnswer(404, 'Not Found') : this.#deployment(id)
  }

  #page(name: string): Answer {
    const { version, release } = this.#newest ?? {}
    if (release !== undefined && name === 'update.json') return textAnswer(200, release.envelope)
    if (release !== undefined && name === `cloud-sync-${version}.zip`) {
      return { status: 200, headers: { 'content-type': 'application/zip' }, body: release.bytes }
    }
    return textAnswer(404, 'Not Found')
  }

  #publish(call: Call): Answer {
    const isZip = call.headers['content-type'] === 'application/zip'
    if (!isZip) return textAnswer(415, 'Unsupported Media Type')
    if (call.query.get('RemoteBuild') !== 'false') return textAnswer(400, 'No remote build here.')
    const id = randomUUID()
    this.#deployments.set(id, call.rawBytes ?? new Uint8Array())
    return jsonAnswer(202, id)
  }

  #deployment(id: string): Answer {
    const bytes = this.#deployments.get(id)
    if (bytes === undefined) return textAnswer(404, 'Not Found')
    const status = this.deploymentStatus
    if (status === 4) {
      this.#deployments.delete(id)
      this.deployed.push(bytes)
      this.#options.onDeployed?.(bytes)
    }
    const status_text = status === 3 ? 'The zip cannot be opened' : ''
    return jsonAnswer(200, { id, status, complete: status >= 3, status_text })
  }
}
