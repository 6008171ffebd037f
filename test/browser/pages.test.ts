import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeToJson } from '../../core/api/change.ts'
import { runToJson } from '../../core/api/run.ts'
import { dashboardPage, dashboardPolicy } from '../../core/dashboard/dashboard-page.ts'
import { renderReportPage } from '../../core/report/report-page.ts'
import { outcomes } from '../report/outcomes.ts'
import { anInput, aRun, changes } from '../report/sample.ts'
import { accessibilityFaults } from './axe.ts'
import { hasBrowser, launchBrowser, Tab } from './browser.ts'

const plan = changes(1, 10_000)
const conflict = {
  code: 'KIND_MISMATCH',
  message: 'Skipping account iris@fabrikam.example because it is a group in one system',
  address: 'iris@fabrikam.example',
} as const
const large = aRun({ id: 'large', status: 'blocked', phase: 'done', warnings: [conflict] }, plan)

/** The API answers when this is fulfilled. */
let answersMayLeave: Promise<void> = Promise.resolve()

/** The dashboard and as much of the API as one run of 10,000 changes needs; and reports by the name of an outcome. */
function serve(): Server {
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const html = (text: string, policy = '') => {
      const headers = { 'content-type': 'text/html; charset=utf-8' }
      response.writeHead(
        200,
        policy === '' ? headers : { ...headers, 'content-security-policy': policy },
      )
      response.end(text)
    }
    const json = async (body: unknown) => {
      await answersMayLeave
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (pathname === '/api/dashboard') html(dashboardPage, dashboardPolicy)
    else if (pathname === '/api/runs') void json({ runs: [runToJson(large)] })
    else if (pathname === '/api/runs/large') void json(runToJson(large))
    else if (pathname === '/api/runs/large/changes') {
      const first = Number(searchParams.get('continuation') ?? 0)
      const next = first + Number(searchParams.get('limit'))
      const page = plan.slice(first, next).map(changeToJson)
      void json({ changes: page, ...(next < plan.length && { continuation: String(next) }) })
    } else if (pathname === '/api/accounts') void json({ accounts: [] })
    else if (pathname === '/api/health') void json({ status: 'ok', checks: [] })
    else if (pathname === '/large') html(renderReportPage(anInput({ run: large, changes: plan })))
    else html(renderReportPage(outcomes[decodeURIComponent(pathname.slice(1))]?.() ?? anInput()))
  })
}

describe.skipIf(!hasBrowser())('in a browser', () => {
  const server = serve()
  let browser: Browser
  let tab: Tab
  let page: Page
  let origin: string

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await launchBrowser()
    tab = await Tab.open(browser)
    page = tab.page
  })
  afterAll(async () => {
    await browser?.close()
    server.close()
  })

  test('the dashboard shows 10,000 changes with at most 200 rows, and has the next page before it is asked for', async () => {
    await page.goto(`${origin}/api/dashboard#run=large`)
    await page.getByLabel('Function key').fill('any')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.locator('.changes details').first().waitFor()
    for (let turn = 1; turn <= 3; turn++) {
      // An administrator looks at a page before turning it: by then the next one is there.
      await page.waitForLoadState('networkidle')
      const { promise, resolve } = Promise.withResolvers<void>()
      answersMayLeave = promise
      await page.getByRole('button', { name: 'Next' }).click()
      // No answer comes any more, and yet the page is turned (`npm run bench` measures how fast).
      await page.getByText(`${turn}01 to ${turn + 1}00`, { exact: true }).waitFor()
      resolve()
      expect(await page.locator('.changes details').count()).toBe(100)
    }
  })

  test('an address that has no linked account is told why, where a warning knows', async () => {
    await page.goto(`${origin}/api/dashboard#accounts`)
    const search = page.getByRole('searchbox', { name: 'Find an account' })
    await search.fill('IRIS@')
    await page.locator('#account-list').getByText(conflict.message).waitFor()
    await page.locator('#account-list').getByText('Change the account type in Zivver').waitFor()
    await search.fill('jesse@')
    await page.getByText('No account begins with this').waitFor()
  })

  test('the report of 10,000 changes opens, filters and turns pages without freezing', async () => {
    await page.goto(`${origin}/large`)
    await page.getByText('10,000 of 10,000 changes').waitFor()
    expect(await page.locator('#list details').count()).toBeLessThanOrEqual(200)
    await page.locator('#next').click()
    await page.getByText('101 to 200', { exact: true }).waitFor()
    await page.getByRole('searchbox').fill('9999@')
    await page.getByText('1 of 10,000 changes').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByText('10,000 of 10,000 changes').waitFor()
  })

  test('a group of the report leads to its changes', async () => {
    await page.goto(`${origin}/${encodeURIComponent('blocked, day 2')}`)
    await page.getByRole('button', { name: /Suspend.*the mailbox does not exist/ }).click()
    await page.getByText('2 of 430 changes').waitFor()
    const headings = await page.locator('#list h3').allInnerTexts()
    expect(headings).toEqual(['Suspend · User account · the mailbox does not exist'])
  })

  test('the report works as a file on a disk, without a network', async () => {
    await tab.context.setOffline(true)
    await page.setContent(renderReportPage(outcomes['success']?.() ?? anInput()))
    await page.locator('#list details').first().click()
    await tab.context.setOffline(false)
  })

  test('the summary of a report can be read without its script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const quiet = await context.newPage()
    await quiet.goto(`${origin}/${encodeURIComponent('blocked, day 2')}`)
    await quiet.getByText('430 of 1,940 accounts (22.2 %) would change').waitFor()
    expect(await quiet.locator('#explorer').isVisible()).toBe(false)
    expect(await quiet.locator('noscript p').isVisible()).toBe(true)
    await context.close()
  })

  test('a print of the report has its changes and none of its controls', async () => {
    await page.goto(`${origin}/success`)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#list details').first().isVisible()).toBe(true)
    expect(await page.locator('#tools').isVisible()).toBe(false)
    await page.emulateMedia({ media: 'screen' })
  })

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const)('reports are accessible at %i px, %s', async (width, colorScheme) => {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    const faults: string[] = []
    for (const name of ['blocked, day 2', 'partial failure']) {
      await page.goto(`${origin}/${encodeURIComponent(name)}`)
      await page.locator('#list details').first().click()
      faults.push(...(await accessibilityFaults(page)))
    }
    expect(faults).toEqual([])
  })

  test('no script failed, and no policy refused anything', () => {
    expect(tab.faults).toEqual([])
  })
})
