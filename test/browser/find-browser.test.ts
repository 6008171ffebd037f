import { describe, expect, test } from 'vitest'
import { findBrowser } from './find-browser.ts'

const nothing = () => false

describe('the browser for the tests', () => {
  test('is the one that CHROMIUM_PATH names, else the first that stands in a usual place', () => {
    const exists = (path: string) => path === '/usr/bin/google-chrome' || path === '/opt/chrome'
    expect(findBrowser({ named: '/opt/chrome', isCi: false, exists })).toEqual({
      verdict: 'run',
      path: '/opt/chrome',
    })
    expect(findBrowser({ named: undefined, isCi: true, exists })).toEqual({
      verdict: 'run',
      path: '/usr/bin/google-chrome',
    })
  })

  test('is no other one when CHROMIUM_PATH names a file that is not there', () => {
    const exists = (path: string) => path === '/usr/bin/chromium'
    expect(findBrowser({ named: '/nowhere', isCi: false, exists })).toMatchObject({
      verdict: 'skip',
      message: expect.stringContaining('/nowhere'),
    })
  })

  test('may be missing on somebody’s machine: its tests are left out, and that is said', () => {
    expect(findBrowser({ named: undefined, isCi: false, exists: nothing })).toEqual({
      verdict: 'skip',
      message: expect.stringMatching(
        /^browser tests are left out: no Chromium at .*CHROMIUM_PATH to where it is$/,
      ),
    })
  })

  test('may not be missing on a CI server', () => {
    expect(findBrowser({ named: '', isCi: true, exists: nothing })).toEqual({
      verdict: 'fail',
      message: expect.stringMatching(/^no Chromium at .*set CHROMIUM_PATH to where it is$/),
    })
  })
})
