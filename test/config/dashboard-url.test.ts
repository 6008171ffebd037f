import { expect, test } from 'vitest'
import { dashboardUrlOf } from '../../core/config/dashboard-url.ts'

test.each([
  ['an app on Azure by https', 'app-x1.example', 'https://app-x1.example/api/dashboard'],
  ['the local host by http', '127.0.0.1:7071', 'http://127.0.0.1:7071/api/dashboard'],
  ['nowhere without a name', undefined, null],
  ['nowhere with an empty name', '', null],
  ['nowhere with what is no host name', 'x"><script>', null],
])('the mail leads to the dashboard of %s', (_, hostName, url) => {
  expect(dashboardUrlOf(hostName)).toBe(url)
})
