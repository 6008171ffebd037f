/** One Azurite for the whole suite. Tests keep apart by random tenant ids and table prefixes, so nothing is cleaned up. */
import type { TestProject } from 'vitest/node'
import { startAzurite } from './azurite.ts'
import { testAccounts } from './test-accounts.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the suite's storage emulator: `inject('azuriteConnectionString')`. */
    azuriteConnectionString: string
  }
}

/** Called by Vitest before the first test file. @returns what ends the emulator after the last one */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const azurite = await startAzurite({ testAccounts })
  project.provide('azuriteConnectionString', azurite.connectionString)
  return () => azurite.close()
}
