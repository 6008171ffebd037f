import { expect, test } from 'vitest'
import type { JournalChange } from '../../../core/model/change.ts'
import type { OpenJournal } from '../../../core/ports.ts'
import { aChange, changeOfDelegates, nextRunId } from '../../contract/fixtures.ts'
import { openStorage } from '../../contract/stores.ts'
import { rawRows, rawTable } from './raw-table.ts'

const table = rawTable('RowsCloudSyncChanges')
const { journal: store } = openStorage({ namePrefix: 'Rows' })

async function take(runId: string): Promise<OpenJournal> {
  const journal = await store.acquire(runId, 'host 1', await store.sight(runId))
  if (journal === null) throw new Error('somebody was faster')
  return journal
}

async function allChanges(runId: string): Promise<JournalChange[]> {
  const changes: JournalChange[] = []
  for await (const page of store.eachChange(runId)) changes.push(...page)
  return changes
}

test('a change is readable in a table browser', async () => {
  const runId = nextRunId()
  const journal = await take(runId)
  await journal.storePlan([aChange(1, { scimId: 's1', action: 'update' })])
  const error = { code: 'ALIAS_TAKEN' as const, message: 'taken' }
  await journal.record([{ sequence: 1, status: 'failed', stepsDone: 0, scimId: null, error }])
  const rows = await rawRows(table, runId)
  const lanes = ['lease-lane-1', 'lease-lane-2', 'lease-lane-3']
  expect(rows.map((row) => row['rowKey'])).toEqual(['00000001', 'lease', ...lanes])
  expect(rows[0]).toMatchObject({
    action: 'update',
    kind: 'user',
    address: 'user1@contoso.example',
    externalDirectoryObjectId: '00000000-0000-4000-8000-000000000001',
    scimId: 's1',
    displayName: 'Gebruiker 1 – Zoë',
    reason: 'new_mailbox',
    status: 'failed',
    errorCode: 'ALIAS_TAKEN',
    errorMessage: 'taken',
    stepsDone: 0,
    fields: '[{"path":"userName","before":null,"after":"user1@contoso.example"}]',
  })
  expect(rows[1]).toMatchObject({ owner: 'host 1', fence: 1, state: 'held' })
  await journal.close()
  expect((await rawRows(table, runId)).map((row) => row['rowKey'])).toEqual(['00000001'])
})

test('many long changes together stay below every limit of a transaction', async () => {
  const runId = nextRunId()
  const journal = await take(runId)
  const long = Array.from({ length: 6 }, (_, index) => changeOfDelegates(index + 1, 9_000))
  const plan = [...long, ...Array.from({ length: 150 }, (_, index) => aChange(index + 7))]
  await journal.storePlan(plan)
  const stored = await allChanges(runId)
  expect(stored).toHaveLength(plan.length)
  expect(stored[0]).toEqual(plan[0])
  expect(stored[5]).toEqual(plan[5])
  const page = await store.listChanges(runId, { limit: 2 })
  expect(page.changes).toEqual(plan.slice(0, 2))
})

test('a text that fills a column exactly, or whose characters are long on the wire, comes back', async () => {
  const runId = nextRunId()
  const journal = await take(runId)
  const withFieldsOf = (sequence: number, length: number, text: string): JournalChange => {
    const frame = JSON.stringify([{ path: 'displayName', before: null, after: '' }]).length
    const after = text.repeat(length).slice(0, length - frame)
    return aChange(sequence, { fields: [{ path: 'displayName', before: null, after }] })
  }
  const plan = [
    withFieldsOf(1, 31_999, 'a'),
    withFieldsOf(2, 32_000, '漢'),
    withFieldsOf(3, 32_001, '😀'),
    ...Array.from({ length: 40 }, (_, index) => withFieldsOf(index + 4, 31_000, '"漢')),
  ]
  await journal.storePlan(plan)
  expect(await allChanges(runId)).toEqual(plan)
})

test('a change that lost one of its part rows is named, not shown half', async () => {
  const runId = nextRunId()
  const journal = await take(runId)
  await journal.storePlan([changeOfDelegates(1, 2_000)])
  const rows = await rawRows(table, runId)
  const part = rows.map((row) => String(row['rowKey'])).find((key) => key.startsWith('part-'))
  await table.deleteEntity(runId, part ?? '')
  await expect(allChanges(runId)).rejects.toMatchObject({
    code: 'STORED_ROW_INVALID',
    message: expect.stringMatching(`RowKey 00000001, column (fields|work): its part row ${part}`),
  })
})

test('a plan whose row somebody deleted takes no outcome for it', async () => {
  const runId = nextRunId()
  const journal = await take(runId)
  await journal.storePlan([aChange(1), aChange(2)])
  await table.deleteEntity(runId, '00000002')
  const outcome = { status: 'applied', stepsDone: 1, scimId: null, error: null } as const
  await expect(journal.record([{ sequence: 2, ...outcome }])).rejects.toMatchObject({
    code: 'STORED_ROW_INVALID',
  })
  await journal.record([{ sequence: 1, ...outcome }])
  expect((await allChanges(runId)).map(({ status }) => status)).toEqual(['applied'])
})

test('a column that was changed by hand to something else is named', async () => {
  const runId = nextRunId()
  const journal = await take(runId)
  await journal.storePlan([aChange(1)])
  const row = { partitionKey: runId, rowKey: '00000001' }
  await table.updateEntity({ ...row, status: 'done' }, 'Merge')
  await expect(allChanges(runId)).rejects.toThrow(
    /RowKey 00000001, column status: .*cancel the run/,
  )
})

test('10,000 changes are stored within a few seconds', async () => {
  const runId = nextRunId()
  const journal = await take(runId)
  const plan = Array.from({ length: 10_000 }, (_, index) => aChange(index + 1))
  const started = performance.now()
  await journal.storePlan(plan)
  expect(performance.now() - started).toBeLessThan(10_000)
  let count = 0
  for await (const page of store.eachChange(runId)) count += page.length
  expect(count).toBe(10_000)
})
