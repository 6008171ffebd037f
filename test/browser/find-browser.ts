/** Where Chromium usually is: Debian and its kin, and a Mac. */
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export type BrowserSearch =
  | { readonly verdict: 'run'; readonly path: string }
  /** `skip`: the browser tests are left out; `fail`: they may not be, on a CI server. */
  | { readonly verdict: 'skip' | 'fail'; readonly message: string }

/**
 * Whether browser tests run, and with what.
 * @param named `CHROMIUM_PATH`: the one place that counts, where it is set
 */
export function findBrowser({
  named,
  isCi,
  exists,
}: {
  readonly named: string | undefined
  readonly isCi: boolean
  readonly exists: (path: string) => boolean
}): BrowserSearch {
  const places = named ? [named] : usualPlaces
  const path = places.find(exists)
  if (path !== undefined) return { verdict: 'run', path }
  const missing = `no Chromium at ${places.join(', ')}; install it, or set CHROMIUM_PATH to where it is`
  return isCi
    ? { verdict: 'fail', message: missing }
    : { verdict: 'skip', message: `browser tests are left out: ${missing}` }
}
