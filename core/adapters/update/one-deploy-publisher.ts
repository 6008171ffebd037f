import * as z from 'zod'
import { schemeOf } from '../../config/loopback.ts'
import type { Clock } from '../../ports.ts'
import { UpdateRefusal } from '../../update/refusal.ts'
import type { PackagePublisher } from '../../update/services.ts'
import type { TokenProvider } from '../identity/token-provider.ts'
import { readBounded } from './bounded-body.ts'

/** What the deployment service of a Function App takes for a token. */
export const deploymentAudience = 'https://management.azure.com'

export interface OneDeployOptions {
  /** `WEBSITE_HOSTNAME`: the app's own host name; absent = not on Azure. */
  readonly hostName: string | undefined
  readonly tokens: TokenProvider
  readonly clock: Clock
}

const timeoutMs = 120_000
const pollMs = 3_000
const polls = 60
const reasonLength = 300
/** A deployment's id or its status. */
const largestAnswerBytes = 64 * 1024

/** Kudu's deployment status. It answers 200 while a deployment goes on, and after one that failed. */
const deploymentSchema = z.object({
  status: z.int(),
  status_text: z.string().nullish(),
})
const [failed, succeeded] = [3, 4]

/**
 * "One deploy", the way of the Flex Consumption plan: the zip is posted to the app's deployment host, stored as it is,
 * and the app restarts on it. Nothing is built.
 */
export function createOneDeployPublisher(options: OneDeployOptions): PackagePublisher {
  return {
    publish: async (bytes) => {
      const origin = deploymentOrigin(options.hostName)
      const id = await post(
        options,
        `${origin}/api/publish?RemoteBuild=false&Deployer=cloud-sync`,
        bytes,
      )
      await waitFor(options, `${origin}/api/deployments/${encodeURIComponent(id)}`)
    },
  }
}

/**
 * The deployment host of an app: `app-x1.westeurope-01.azurewebsites.net` → `app-x1.scm.westeurope-01.…`; the local
 * host is its own.
 * @throws UpdateRefusal `publish_failed`
 */
export function deploymentOrigin(hostName: string | undefined): string {
  if (hostName === undefined || hostName === '') {
    throw refusal('WEBSITE_HOSTNAME is not set: this is not a Function App on Azure.')
  }
  if (schemeOf(hostName) === 'http') return `http://${hostName}`
  const [app, ...domain] = hostName.split('.')
  return `https://${app}.scm.${domain.join('.')}`
}

interface Init {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
}

/** @returns the id of the deployment */
async function post(options: OneDeployOptions, url: string, body: Uint8Array): Promise<string> {
  const text = await call(options, url, {
    method: 'POST',
    headers: { 'content-type': 'application/zip' },
    body: new Uint8Array(body),
  })
  const id = text.trim().replace(/^"(.*)"$/, '$1')
  return id === '' ? 'latest' : id
}

/**
 * Waits for the end of a deployment. One whose end is not seen (the app restarts meanwhile) counts as done: the new
 * version confirms itself when it runs.
 */
async function waitFor(options: OneDeployOptions, url: string): Promise<void> {
  for (let poll = 0; poll < polls; poll++) {
    await options.clock.sleep(pollMs)
    const text = await call(options, url, { method: 'GET' }).catch(() => '')
    const { status, status_text } = deploymentSchema.safeParse(jsonOf(text)).data ?? {}
    if (status === succeeded) return
    if (status === failed) {
      throw refusal(`The deployment failed: ${status_text || 'no reason was given'}.`)
    }
  }
}

/** @throws UpdateRefusal `publish_failed` */
async function call(options: OneDeployOptions, url: string, init: Init): Promise<string> {
  const { host, pathname } = new URL(url)
  const what = `${init.method} ${host}${pathname}`
  const token = await options.tokens.getToken()
  const headers = { authorization: `Bearer ${token}`, ...init.headers }
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, { ...init, headers, redirect: 'error', signal }).catch(
    (error: unknown) => {
      throw refusal(`${what} got no answer.`, error)
    },
  )
  const body = await readBounded(response, largestAnswerBytes).catch((error: unknown) => {
    throw refusal(`${what} broke off its answer.`, error)
  })
  const text = new TextDecoder().decode(body)
  if (response.ok) return text
  if (response.status === 401 || response.status === 403) {
    const role = 'give the identity of the app the role Website Contributor on the app itself'
    throw refusal(`${what} answered ${response.status}: ${role}.`)
  }
  throw refusal(`${what} answered ${response.status}: ${text.slice(0, reasonLength)}`)
}

function refusal(message: string, cause?: unknown): UpdateRefusal {
  return new UpdateRefusal('publish_failed', message, { cause })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
