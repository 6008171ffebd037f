import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TableClient } from '@azure/data-tables'
import { expect, inject, test } from 'vitest'
import { startAzurite } from './azurite.ts'

const tableName = () => `t${randomUUID().replaceAll('-', '')}`
const tableClient = (connectionString: string, table: string) =>
  TableClient.fromConnectionString(connectionString, table, { allowInsecureConnection: true })

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('the suite shares one emulator that stores table rows', async () => {
  const table = tableClient(inject('azuriteConnectionString'), tableName())
  await table.createTable()
  await table.createEntity({ partitionKey: 'p', rowKey: 'r', address: 'anna@contoso.example' })
  const row = await table.getEntity('p', 'r')
  expect(row['address']).toBe('anna@contoso.example')
})

test('close leaves no process behind; with a location, rows are still there after a restart', async () => {
  const location = mkdtempSync(join(tmpdir(), 'azurite-'))
  const name = tableName()
  try {
    const first = await startAzurite({ location })
    const table = tableClient(first.connectionString, name)
    await table.createTable()
    await table.createEntity({ partitionKey: 'p', rowKey: 'r', value: 7 })
    expect(isAlive(first.pid)).toBe(true)
    await first.close()
    await first.close()
    expect(isAlive(first.pid)).toBe(false)
    const second = await startAzurite({ location })
    const row = await tableClient(second.connectionString, name).getEntity('p', 'r')
    await second.close()
    expect(row['value']).toBe(7)
  } finally {
    rmSync(location, { recursive: true, force: true })
  }
})

test('the emulator ends when its parent is killed', async () => {
  const module = new URL('./azurite.ts', import.meta.url).href
  const script = `import { startAzurite } from ${JSON.stringify(module)}
    console.log((await startAzurite()).pid)
    setInterval(() => {}, 60_000)`
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())))
  })
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  for (let waited = 0; waited < 10_000 && isAlive(pid); waited += 50) await sleep(50)
  expect(isAlive(pid)).toBe(false)
})
