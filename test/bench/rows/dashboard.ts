import type { Page } from 'playwright-core'
import { hasBrowser, launchBrowser, Tab } from '../../browser/browser.ts'
import { timeToTurn } from '../../browser/turn.ts'
import { median } from '../median.ts'
import { type Line, processLine, type Row } from '../row.ts'
import { atMost } from '../run-line.ts'
import { buildBenchTenant } from '../world/bench-tenant.ts'
import { BenchWorld, functionKey } from '../world/bench-world.ts'

const changes = 10_000
const turns = 11
const mostRows = 200
const mostMs = 300
const rows = '.changes details'

/** What an administrator waits for: the next page of the changes of a first preview, in a real browser. */
export const dashboard: Row = {
  name: 'dashboard',
  title: 'Dashboard, a preview of 10,000 changes, in Chromium',
  measure: async ({ tell }) => {
    if (!hasBrowser()) return []
    await using world = await BenchWorld.start({
      tenant: buildBenchTenant({ mailboxes: changes }),
      env: { CLOUD_SYNC__DELEGATES: 'False' },
    })
    const host = await world.startApp()
    await world.run({}, tell)
    const browser = await launchBrowser()
    try {
      const { page } = await Tab.open(browser)
      return [await measureTurns(page, host.url)]
    } finally {
      await browser.close()
    }
  },
}

async function measureTurns(page: Page, url: string): Promise<Line> {
  await page.goto(`${url}/api/dashboard`)
  await page.getByLabel('Function key').fill(functionKey)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.locator('#history-table tbody a').first().click()
  await page.locator(rows).first().waitFor()
  const times: number[] = []
  let most = 0
  for (let turn = 0; turn < turns; turn++) {
    // An administrator looks at a page before turning it: by then the next one is there.
    await page.waitForLoadState('networkidle')
    times.push(await timeToTurn(page, rows, '.pages button:last-child'))
    most = Math.max(most, await page.locator(rows).count())
  }
  return processLine({
    work: 'next page of changes',
    seconds: median(times) / 1000,
    checks: [
      atMost('slowest turn', Math.max(...times), mostMs, ' ms'),
      atMost('rows in the document', most, mostRows),
    ],
  })
}
