import { describe, expect, test } from 'vitest'
import { isLoopback, schemeOf } from '../../core/config/loopback.ts'

describe('this machine', () => {
  test.each(['localhost', '127.0.0.1', '127.8.255.1', '[::1]'])('is %s', (hostname) => {
    expect(isLoopback(hostname)).toBe(true)
  })

  test.each([
    '',
    '127.fabrikam.example',
    '127.0.0.1.fabrikam.example',
    'localhost.fabrikam.example',
    'x127.0.0.1',
    '128.0.0.1',
    '0.0.0.0',
    '[::2]',
  ])('is not %j', (hostname) => {
    expect(isLoopback(hostname)).toBe(false)
  })
})

test.each([
  ['127.0.0.1:7071', 'http'],
  ['localhost', 'http'],
  ['[::1]:7071', 'http'],
  ['127.fabrikam.example:7071', 'https'],
  ['app-x1.azurewebsites.net', 'https'],
  ['no host', 'https'],
])('an app on %s is reached by %s', (host, scheme) => {
  expect(schemeOf(host)).toBe(scheme)
})
