/**
 * `npm run pictures [-- <name>…]`: makes the pictures of `docs/pictures/`, or only the named ones: the mail, the report and
 * the dashboard after a month in the simulated tenant, and what the set-up page shows. Takes a minute or two and needs
 * Chromium (`CHROMIUM_PATH`, default `/usr/bin/chromium`).
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
import { formPage } from './pictures/form.ts'
import { liveAMonth, type Month, type Place } from './pictures/month.ts'

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url))

async function main(temporary: string, names: readonly string[]): Promise<void> {
  const { state } = new DemoData(temporary).open()
  const services = await startServices(state)
  const azurite = await startAzurite()
  try {
    const place = { state, services, storage: azurite.connectionString }
    const month = await liveAMonth(place)
    const browser = await startBrowser(temporary)
    for (const subject of subjects(place, month)) {
      if (names.length > 0 && !names.includes(subject.name)) continue
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

function subjects(
  { state, services }: Place,
  { api, firstPreview, firstSync }: Month,
): readonly Subject[] {
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
    {
      name: 'set-up-form',
      isForDesk: true,
      open: (page) => page.setContent(formPage()),
    },
    { name: 'set-up-health', isForDesk: true, open: (page) => dashboard(page, '#health') },
    {
      name: 'set-up-preview',
      isForDesk: true,
      open: (page) => dashboard(page, `#run=${firstPreview}`),
    },
  ]
}

mkdirSync(folder, { recursive: true })
const temporary = mkdtempSync(join(tmpdir(), 'pictures-'))
try {
  await main(temporary, process.argv.slice(2))
} finally {
  rmSync(temporary, { recursive: true })
}
