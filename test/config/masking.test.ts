import { describe, expect, test } from 'vitest'
import { createMasker, secretsOf } from '../../core/config/masking.ts'
import { environment } from './environment.ts'

const env = environment({
  CLOUD_SYNC__ZIVVER_API_KEY: 'key+with/"signs"=',
  CLOUD_SYNC__EMAIL_CONNECTION_STRING:
    'endpoint=https://mail.contoso.example/;accesskey=bWFpbC1hY2Nlc3Mta2V5',
  AzureWebJobsStorage:
    'AccountName=stcontoso;AccountKey=c3RvcmFnZS1hY2NvdW50LWtleQ==;EndpointSuffix=core.example',
  IDENTITY_HEADER: 'identity-header-value',
})
const masked = createMasker(secretsOf(env))

describe('masking', () => {
  test.each([
    'the key is key+with/"signs"= here',
    JSON.stringify({ key: 'key+with/"signs"=' }),
    `https://zivver.example/?k=${encodeURIComponent('key+with/"signs"=')}`,
    'signed with bWFpbC1hY2Nlc3Mta2V5',
    'c3RvcmFnZS1hY2NvdW50LWtleQ== was refused',
    'X-IDENTITY-HEADER: identity-header-value',
  ])('no secret of the settings is left in: %s', (text) => {
    const result = masked(text)
    for (const secret of ['signs', 'bWFpbC', 'c3Rvcm', 'identity-header-value']) {
      expect(result).not.toContain(secret)
    }
    expect(result).toContain('***')
  })

  test('each header for a collector of telemetry is masked by itself', () => {
    const mask = createMasker(
      secretsOf({ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=collector-key, x-tenant=planted' }),
    )
    expect(mask('sent collector-key and planted')).toBe('sent *** and ***')
  })

  test.each([
    ['Authorization: Bearer abc.DEF-123_~+/==', 'Authorization: Bearer ***'],
    ['token eyJhbGciOi.eyJhdWQiOi.c2ln', 'token ***'],
    [
      'GET https://contoso.example/api/runs?code=planted&limit=5',
      'GET https://contoso.example/api/runs?code=***&limit=5',
    ],
    ['https://st.example/t?sv=1&sig=a%2Fb', 'https://st.example/t?sv=1&sig=***'],
    ['endpoint=https://x.example/;accesskey=planted', 'endpoint=https://x.example/;accesskey=***'],
  ])('credentials of others are masked by their shape: %s', (text, expected) => {
    expect(masked(text)).toBe(expected)
  })

  test('an ordinary line stays as it is', () => {
    const line =
      'run 42 read 380 mailboxes: {"code":"SOURCE_EMPTY"} and alias a.basic@contoso.example'
    expect(masked(line)).toBe(line)
  })
})
