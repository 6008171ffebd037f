import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setDisplayName } from '../simulators/tenant/mailbox-mutations.ts'
import { moveToThePast } from '../system/past.ts'
import { includedDomains, SmallTenant } from '../system/small-tenant.ts'
import { type Api, World } from '../system/world.ts'
import { accessibilityFaults } from './axe.ts'
import { hasBrowser, launchBrowser, Tab } from './browser.ts'

const names = Array.from({ length: 24 }, (_, at) => `user${at + 1}`)
const small = new SmallTenant()
  .users(...names)
  .shared('info')
  .grant('info', 'user1')

// One administrator, one morning: each test goes on where the one before has left the page.
describe.skipIf(!hasBrowser())('an administrator at the dashboard', () => {
  let world: World
  let api: Api
  let browser: Browser
  let tab: Tab
  let page: Page

  beforeAll(async () => {
    world = await World.start({ tenant: small.tenant, includedDomains })
    api = await world.startHost()
    browser = await launchBrowser()
    tab = await Tab.open(browser)
    page = tab.page
  })
  afterAll(async () => {
    await browser?.close()
    await world?.[Symbol.asyncDispose]()
  })

  const key = () => world.secrets[0] ?? ''
  const enterKey = async (value: string) => {
    await page.getByLabel('Function key').fill(value)
    await page.getByRole('button', { name: 'Open' }).click()
  }
  const goTo = (name: string) => page.getByRole('link', { name }).first().click()
  const runStatus = () => page.locator('#run-content .badge').first()

  test('is asked for the key, again when it is wrong; no address ever holds it', async () => {
    const addresses: string[] = []
    page.on('request', (request) => addresses.push(request.url()))
    await page.goto(`${api.host.url}/api/dashboard`)
    await enterKey('not-the-key')
    await page.getByRole('alert').getByText('not accepted').waitFor()
    await enterKey(key())
    await page.getByText('There was no run yet').waitFor()
    expect(addresses.length).toBeGreaterThan(2)
    expect(addresses.filter((address) => address.includes(key()))).toEqual([])
    expect(await page.evaluate('localStorage.length + document.cookie.length')).toBe(0)
  })

  test('starts a preview and watches it read until it is done', async () => {
    world.microsoft365.cmdletLatency.set(400)
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.locator('.phases [aria-current="step"]', { hasText: 'reading' }).waitFor()
    await page.getByRole('progressbar').waitFor()
    world.microsoft365.cmdletLatency.clear()
    await runStatus().getByText('Preview: Succeeded').waitFor()
    await page.locator('.changes details').nth(24).waitFor()
  })

  test('expands a change to the before and after of its fields', async () => {
    const change = page.locator('.changes details', { hasText: 'info@contoso.example' })
    await change.locator('summary').click()
    const delegates = change.getByRole('row', { name: 'Delegates' })
    expect(await delegates.innerText()).toMatch(/nothing\s+user1@contoso\.example/)
  })

  test('opens the report in a tab of its own, finds an address there and opens its change', async () => {
    const [report] = await Promise.all([
      tab.context.waitForEvent('page'),
      page.getByRole('button', { name: 'Open the report' }).click(),
    ])
    await report.getByRole('searchbox').fill('USER17@')
    await report.getByText('1 of 25 changes').waitFor()
    await report.locator('details summary').click()
    await report.getByRole('row', { name: 'Active' }).getByText('yes').waitFor()
    await report.close()
  })

  test('sees a sync blocked, and why', async () => {
    await goTo('Overview')
    await page.getByRole('button', { name: 'Sync…' }).click()
    await page.getByRole('button', { name: 'Start the sync' }).click()
    await runStatus().getByText('Blocked').waitFor()
    await page.getByRole('heading', { name: 'Large-change guard' }).waitFor()
    expect(world.zivver.writes()).toEqual([])
  })

  test('approves the blocked run: exactly its changes are applied', async () => {
    await page.getByRole('button', { name: 'Approve…' }).click()
    await page.getByRole('button', { name: 'Approve and sync' }).click()
    await page.locator('#run-content dd', { hasText: 'approve_run = ' }).waitFor()
    await page.locator('#run-content .badge.good').waitFor()
    const [run] = await api.runs()
    expect(run).toMatchObject({ status: 'succeeded', counts: { create: { applied: 25 } } })
  })

  test('finds an account: its mailbox, its link and why it is as it is', async () => {
    await goTo('Accounts')
    await page.getByRole('searchbox', { name: 'Find an account' }).fill('user3@')
    const account = page.locator('#account-list > details')
    await account.getByText('user3@contoso.example').first().click()
    await account.getByText('a mailbox without an account').waitFor()
    expect(await account.innerText()).toContain(small.get('user3').externalDirectoryObjectId)
  })

  test('starts a sync, changes their mind and cancels it; what was not begun stays planned', async () => {
    for (const name of names) setDisplayName(small.tenant, small.get(name), `New ${name}`)
    world.zivver.latency.set(2500, { tags: { access: 'write' } })
    await goTo('Overview')
    await page.getByRole('button', { name: 'Sync…' }).click()
    await page.getByLabel('allow_large_sync').check()
    await page.getByRole('button', { name: 'Start the sync' }).click()
    await page.locator('.phases [aria-current="step"]', { hasText: 'applying' }).waitFor()
    await page.getByRole('button', { name: 'Cancel…' }).click()
    await page.getByRole('button', { name: 'Cancel the run' }).click()
    await runStatus().getByText('Cancelled').waitFor()
    world.zivver.latency.clear()
    await page.getByLabel('Status').selectOption('planned')
    await page.locator('.changes .status.planned').first().waitFor()
  })

  test('is told which run is in the way of another one', async () => {
    world.microsoft365.cmdletLatency.set(400)
    const { id } = await api.started()
    await goTo('Overview')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('alert').getByRole('link', { name: 'Open that run' }).click()
    expect(new URL(page.url()).hash).toBe(`#run=${id}`)
    world.microsoft365.cmdletLatency.clear()
    await runStatus().getByText('Preview: Succeeded').waitFor()
  })

  test('reads the history and the checks, by keyboard alone', async () => {
    await page.locator('nav.views a').first().focus()
    await page.keyboard.press('Enter')
    await page.locator('#history-table tbody tr').nth(4).waitFor()
    expect(await page.locator('svg.history a').count()).toBe(5)
    await page.locator('nav.views a').last().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'zivver' }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('health-heading')
  })

  test('has the tenant verified, reads a verdict for each assumption and keeps the evidence', async () => {
    const writes = world.zivver.writes().length
    await goTo('Health')
    await page.getByRole('button', { name: 'Verify this tenant' }).click()
    const file = page.getByRole('link', { name: 'Download the evidence' })
    await file.waitFor()
    const paging = page.locator('.verdicts li', { hasText: 'exchange.paging' })
    expect(await paging.innerText()).toMatch(/^holds\s+A page of mailboxes.*status 200/s)
    const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
    expect(download.suggestedFilename()).toBe('verify.json')
    const evidence = JSON.parse(await readFile(await download.path(), 'utf8'))
    expect(evidence.verdicts).toHaveLength(await page.locator('.verdicts li').count())
    expect(world.zivver.writes()).toHaveLength(writes)
  })

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const)('finds every view accessible at %i px, %s', async (width, colorScheme) => {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    const faults: string[] = []
    for (const view of ['Overview', 'Accounts', 'Warnings', 'Health']) {
      await goTo(view)
      faults.push(...(await accessibilityFaults(page)))
    }
    await goTo('Overview')
    await page.getByRole('button', { name: 'Sync…' }).click()
    faults.push(...(await accessibilityFaults(page)))
    await page.keyboard.press('Escape')
    await page.locator('#history-table tbody a').nth(2).click()
    await page.locator('.changes details summary').first().click()
    faults.push(...(await accessibilityFaults(page)))
    expect(faults).toEqual([])
  })

  test('sees on the first page since when nothing has succeeded, and what to do', async () => {
    await moveToThePast(world, 3)
    await page.reload()
    await goTo('Overview')
    const schedule = page.locator('#state .schedule.failing')
    await schedule.getByText('The last successful run finished at').waitFor()
    expect(await schedule.innerText()).toMatch(/7[12] hours ago[^]*Open the dashboard, read why/)
  })

  test('meets no error of a script and nothing that the policy refuses', () => {
    expect(tab.faults).toEqual([])
  })
})
