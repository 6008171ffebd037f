import type { Page } from 'playwright-core'

/**
 * Milliseconds from the click on a button until the first of the rows is another one, as the page itself measures it.
 * @param rows a selector of the rows
 * @param button a selector of the button
 */
export function timeToTurn(page: Page, rows: string, button: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const firstRow = () => document.querySelector(${JSON.stringify(rows)})?.textContent
    const before = firstRow()
    const started = performance.now()
    document.querySelector(${JSON.stringify(button)}).click()
    const look = () => {
      if (firstRow() === before) requestAnimationFrame(look)
      else resolve(performance.now() - started)
    }
    look()
  })`)
}
