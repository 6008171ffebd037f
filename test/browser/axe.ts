/** What axe-core finds wrong with a page, serious or worse, and whether anything is cut off at the side. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, Result } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** @returns a line for each finding; none = all is well */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Evaluated by the debugger, not loaded: the page's content security policy stays as it is.
  await page.evaluate(source)
  const results = await page.evaluate<AxeResults>('axe.run()')
  return [...results.violations.filter(isSerious).map(described), ...(await overflow(page))]
}

function isSerious({ impact }: Result): boolean {
  return impact === 'serious' || impact === 'critical'
}

function described({ id, help, nodes }: Result): string {
  const places = nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))
  return `${id}: ${help} (${nodes.length}): ${places.join(' | ')}`
}

async function overflow(page: Page): Promise<string[]> {
  const [content, window] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, innerWidth]',
  )
  return content > window ? [`the content is ${content} px wide in a window of ${window} px`] : []
}
