import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'

interface Trigger {
  readonly type: string
  readonly authLevel?: string
  readonly methods?: readonly string[]
  readonly route?: string
  readonly schedule?: string
}

const script = fileURLToPath(new URL('./list-functions.ts', import.meta.url))

async function load(env: Record<string, string>): Promise<Record<string, Trigger>> {
  const options = { env: { PATH: process.env['PATH'], ...env } }
  const { stdout } = await promisify(execFile)(process.execPath, [script], options)
  return JSON.parse(stdout) as Record<string, Trigger>
}

describe('the app', () => {
  let functions: Record<string, Trigger>
  beforeAll(async () => {
    functions = await load({})
  })

  test('registers its timers, queues and routes without a single setting', () => {
    expect(Object.keys(functions).toSorted()).toEqual([
      'cancelRun',
      'executeRun',
      'getDashboard',
      'getHealth',
      'getOpenApi',
      'getReport',
      'getRun',
      'listAccounts',
      'listChanges',
      'listRuns',
      'poisonedRun',
      'resumeRuns',
      'scheduledSync',
      'selfUpdate',
      'startRun',
      'verifyTenant',
    ])
  })

  test('asks for a function key on every route but the dashboard page', () => {
    const routes = Object.entries(functions).filter(([, { type }]) => type === 'httpTrigger')
    const open = routes.filter(([, { authLevel }]) => authLevel !== 'function')
    expect(routes).toHaveLength(11)
    expect(open).toMatchObject([['getDashboard', { authLevel: 'anonymous', route: 'dashboard' }]])
  })

  test('has the triggers of the contract', () => {
    expect(functions).toMatchObject({
      scheduledSync: { type: 'timerTrigger', schedule: '0 0 1 * * *' },
      resumeRuns: { type: 'timerTrigger', schedule: '0 * * * * *', runOnStartup: true },
      selfUpdate: { type: 'timerTrigger' },
      executeRun: {
        type: 'queueTrigger',
        queueName: 'cloud-sync-runs',
        connection: 'AzureWebJobsStorage',
      },
      poisonedRun: { type: 'queueTrigger', queueName: 'cloud-sync-runs-poison' },
      startRun: { methods: ['POST'], route: 'runs' },
      listRuns: { methods: ['GET'], route: 'runs' },
      getOpenApi: { methods: ['GET'], route: 'openapi.json' },
    })
  })
})

test('the timer follows SCHEDULE; an invalid one, and any other bad setting, leaves the app whole', async () => {
  const bad = {
    AzureWebJobsStorage: 'rubbish',
    CLOUD_SYNC__TENANT_ID: 'nobody',
    CLOUD_SYNC__NOTHING: '',
  }
  const [valid, invalid] = await Promise.all([
    load({ CLOUD_SYNC__SCHEDULE: '0 30 2 * * 1-5' }),
    load({ CLOUD_SYNC__SCHEDULE: 'every night', ...bad }),
  ])
  expect(valid['scheduledSync']?.schedule).toBe('0 30 2 * * 1-5')
  expect(invalid['scheduledSync']?.schedule).toBe('0 0 1 * * *')
  expect(Object.keys(invalid)).toHaveLength(16)
})
