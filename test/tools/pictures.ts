/**
 * `npm run pictures`: makes the pictures of `docs/pictures/`: the mail, the report and the dashboard after a month in the
 * simulated tenant. Takes a minute or two and needs Chromium (`CHROMIUM_PATH`, default `/usr/bin/chromium`).
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { DemoData } from '../demo/demo-data.ts'
import { closeServices, startServices } from '../demo/services.ts'
import { startAzurite } from '../support/azurite.ts'
import { photograph, type Subject, startBrowser } from './pictures/camera.ts'
import { liveAMonth, type Month, type Place } from './pictures/month.ts'

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url))

async function main(temporary: string): Promise<void> {
  const { state } = new DemoData(temporary).open()
  const services = await startServices(state)
  const azurite = await startAzurite()
  try {
    const place = { state, services, storage: azurite.connectionString }
    const month = await liveAMonth(place)
    const browser = await startBrowser(temporary)
    for (const subject of subjects(place, month)) {
      const paths = await photograph(browser, folder, subject)
      for (const path of paths) console.log(relative(process.cwd(), path))
    }
    await browser.close()
    await month.host.stop()
  } finally {
    await azurite.close()
    await closeServices(services)
  }
}

function subjects({ state, services }: Place, { api, firstSync }: Month): readonly Subject[] {
  const mail = services.mail.outbox().findLast(({ subject }) => subject.includes('BLOCKED'))
  const dashboard = async (page: Page, place: string) => {
    await page.goto(`${api.url}/api/dashboard${place}`)
    await page.getByLabel('Function key').fill(state.functionKey)
    const health = page.waitForResponse(/\/api\/health/)
    await page.getByRole('button', { name: 'Open' }).click()
    await health
    await page.waitForLoadState('networkidle')
  }
  return [
    {
      name: 'mail',
      open: async (page) => {
        await page.goto(`${services.mail.url}/outbox/${mail?.number}.html`)
      },
    },
    {
      name: 'report',
      open: async (page) => {
        await page.setExtraHTTPHeaders({ 'x-functions-key': state.functionKey })
        await page.goto(`${api.url}/api/runs/${firstSync}/report`)
      },
    },
    { name: 'dashboard', open: (page) => dashboard(page, '') },
  ]
}

mkdirSync(folder, { recursive: true })
const temporary = mkdtempSync(join(tmpdir(), 'pictures-'))
try {
  await main(temporary)
} finally {
  rmSync(temporary, { recursive: true })
}
