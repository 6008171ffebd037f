/** Headless Chromium for tests: the one of the machine, driven by playwright-core. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findBrowser } from './find-browser.ts'

const search = findBrowser({
  named: process.env['CHROMIUM_PATH'],
  isCi: process.env['CI'] === 'true',
  exists: existsSync,
})

/**
 * Whether browser tests run; without a browser they are left out, which is said.
 * @throws Error on a CI server, which must have one
 */
export function hasBrowser(): boolean {
  if (search.verdict === 'fail') throw new Error(search.message)
  if (search.verdict === 'skip') console.warn(search.message)
  return search.verdict === 'run'
}

// Nothing but the page under test may speak to the network.
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launchBrowser(): Promise<Browser> {
  if (search.verdict !== 'run') throw new Error(search.message)
  return chromium.launch({ executablePath: search.path, args: quiet })
}

export interface Look {
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** A tab, and what goes wrong in it and in every tab that it opens. */
export class Tab {
  readonly page: Page
  readonly context: BrowserContext
  /** Uncaught errors, and what a content security policy has refused. */
  readonly faults: string[] = []

  private constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    context.on('weberror', (error) => this.faults.push(error.error().message))
    context.on('console', (message) => {
      const isAnswer = message.text().startsWith('Failed to load resource')
      if (message.type() === 'error' && !isAnswer) this.faults.push(message.text())
    })
  }

  static async open(
    browser: Browser,
    { width = 1280, colorScheme = 'light' }: Look = {},
  ): Promise<Tab> {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(15_000)
    return new Tab(context, await context.newPage())
  }
}
