import type { Environment } from '../../core/config.ts'

/** The least that Cloud Sync runs with, and what a test adds to it. */
export function environment(extra: Environment = {}): Environment {
  return {
    CLOUD_SYNC__TENANT_ID: '11111111-2222-4333-8444-555555555555',
    CLOUD_SYNC__ZIVVER_API_KEY: 'zivver-key-for-tests',
    CLOUD_SYNC__INCLUDED_DOMAINS: 'contoso.example',
    CLOUD_SYNC__SSO_ACCOUNT_KEY: 'object_id',
    ...extra,
  }
}
