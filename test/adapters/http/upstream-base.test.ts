import { describe, expect, test } from 'vitest'
import { upstreamBase } from '../../../core/adapters/http/upstream-base.ts'

const publicOrigin = 'https://outlook.office365.com'

describe('the token audience', () => {
  test.each([
    ['https://outlook.office365.com', 'https://outlook.office365.com'],
    ['https://outlook.office365.us/', 'https://outlook.office365.us'],
    ['http://127.0.0.1:8080/exo', publicOrigin],
    ['http://localhost:8080', publicOrigin],
    ['http://[::1]:8080', publicOrigin],
  ])('of %s is %s', (configured, audience) => {
    expect(upstreamBase(configured, publicOrigin).audience).toBe(audience)
  })
})

describe('a link or redirect', () => {
  const local = upstreamBase('http://127.0.0.1:8080/exo/', publicOrigin)

  test.each([
    [
      'on the configured base is called as it is',
      'http://127.0.0.1:8080/exo/a?b=c%26',
      'http://127.0.0.1:8080/exo/a?b=c%26',
    ],
    [
      "on the cloud's public host is called at the base",
      `${publicOrigin}/a?%24skiptoken=x`,
      'http://127.0.0.1:8080/exo/a?%24skiptoken=x',
    ],
    [
      "with the backends' port 446 is taken for 443",
      'https://outlook.office365.com:446/a',
      'http://127.0.0.1:8080/exo/a',
    ],
    ['to another host is not followed', 'https://outlook.office365.com.evil.example/a', null],
    ['to another port of the base is not followed', 'http://127.0.0.1:8081/a', null],
    ['to the public host without TLS is not followed', 'http://outlook.office365.com/a', null],
    ['to another cloud is not followed', 'https://outlook.office365.us/a', null],
    ['that is no URL is not followed', '/relative', null],
  ])('%s', (_, link, called) => {
    expect(local.resolveLink(link)).toBe(called)
  })

  test('in another cloud follows its own host and not the worldwide one', () => {
    const other = upstreamBase('https://outlook.office365.us', publicOrigin)
    expect(other.resolveLink('https://outlook.office365.us:446/a')).toBe(
      'https://outlook.office365.us/a',
    )
    expect(other.resolveLink(`${publicOrigin}/a`)).toBeNull()
  })
})
