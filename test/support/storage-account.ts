import { randomInt } from 'node:crypto'
import { TableClient } from '@azure/data-tables'
import { inject } from 'vitest'
import { testAccounts } from './test-accounts.ts'

const conflict = 409

/**
 * Takes one of the emulator's storage accounts, for a test whose tables and queue must not meet those of another.
 * @returns its connection string
 * @throws Error when the suite has used them all
 */
export async function claimStorageAccount(): Promise<string> {
  const shared = inject('azuriteConnectionString')
  const claims = TableClient.fromConnectionString(shared, 'claims', {
    allowInsecureConnection: true,
  })
  await claims.createTable()
  const first = randomInt(testAccounts)
  for (let turn = 0; turn < testAccounts; turn++) {
    const account = `test${(first + turn) % testAccounts}`
    try {
      await claims.createEntity({ partitionKey: 'accounts', rowKey: account })
      return shared.replaceAll('devstoreaccount1', account)
    } catch (error) {
      const isTaken =
        error instanceof Error && 'statusCode' in error && error.statusCode === conflict
      if (!isTaken) throw error
    }
  }
  throw new Error(`all ${testAccounts} storage accounts are taken: raise test-accounts.ts`)
}
