import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

const browserPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
/** Of one picture, in bytes: they are part of the repository. */
const largest = 200_000

const screens = [
  { name: '1280', width: 1280, height: 900 },
  { name: '360', width: 360, height: 740 },
] as const
const themes = ['light', 'dark'] as const

/** What is photographed, and how to come there. */
export interface Subject {
  readonly name: string
  readonly open: (page: Page) => Promise<void>
  /** Only on a desk: for a page that explains, where a telephone would show the same. */
  readonly isForDesk?: boolean
}

/** Takes a picture of the first screen of a page, light and dark, on a desk and on a telephone. @returns what was written */
export async function photograph(
  browser: Browser,
  folder: string,
  subject: Subject,
): Promise<string[]> {
  const written: string[] = []
  const wanted = subject.isForDesk === true ? screens.slice(0, 1) : screens
  for (const { name: screen, width, height } of wanted) {
    for (const colorScheme of themes) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme })
      await subject.open(page)
      const path = join(folder, `${subject.name}-${colorScheme}-${screen}.png`)
      await page.screenshot({ path, animations: 'disabled' })
      await page.close()
      const { size } = statSync(path)
      if (size > largest) throw new Error(`${path} has ${size} bytes, more than ${largest}`)
      written.push(path)
    }
  }
  return written
}

/**
 * Starts Chromium. A machine without a desktop has no system font to speak of: Liberation Sans stands in for it, where it is.
 * @param temporary folder for its font settings
 */
export function startBrowser(temporary: string): Promise<Browser> {
  const families = ['system-ui', 'sans-serif', 'sans', 'Segoe UI']
  const matches = families.map(
    (family) => `<match><test name="family"><string>${family}</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>`,
  )
  const path = join(temporary, 'fonts.conf')
  const text = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>${matches.join('')}</fontconfig>`
  writeFileSync(path, text)
  return chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox'],
    env: { ...process.env, FONTCONFIG_FILE: path },
  })
}
