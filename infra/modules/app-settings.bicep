// The settings of the Function App. A resource of its own, made after the role assignments: a Key Vault reference that
// cannot be resolved at the first start stays unresolved for hours.

param functionAppName string
param tenantId string
param includedDomains string
#disable-next-line secure-secrets-in-params // a choice, not a key
param ssoAccountKey string
param sourceFilter string
param targetFilter string
param schedule string
param emailRecipients string
param updateFeed string
param updatePublicKey string
param storageName string
param secretUri string
param emailEndpoint string
param emailSender string
param applicationInsightsName string

@description('What the app has now. It may hold secrets that somebody set by hand.')
@secure()
param current object

// Settings that the form does not ask for, with the defaults of core/config/definitions.ts. Blank means: the default.
var defaults = {
  CLOUD_SYNC__ZIVVER_API_URL: 'https://app.zivver.com/api/scim/v2'
  CLOUD_SYNC__EXCHANGE_URL: 'https://outlook.office365.com'
  CLOUD_SYNC__GRAPH_URL: 'https://graph.microsoft.com'
  CLOUD_SYNC__NESTED_GROUPS: 'False'
  CLOUD_SYNC__ACTIONS: 'create,update,suspend,reactivate,link'
  CLOUD_SYNC__REACTIVATE: 'ours'
  CLOUD_SYNC__DELEGATES: 'True'
  CLOUD_SYNC__USER_DELEGATION_MAX_AGE_HOURS: '0'
  CLOUD_SYNC__WRITE_IDENTIFIERS: 'True'
  CLOUD_SYNC__LARGE_SYNC_PERCENT: '10'
  // Scheduled runs are previews until an administrator has read one.
  CLOUD_SYNC__PERFORM_SYNC: 'False'
  CLOUD_SYNC__ZIVVER_RATE_LIMIT: '50/10'
  CLOUD_SYNC__EXCHANGE_CONCURRENCY: '8'
  CLOUD_SYNC__SLICE_SECONDS: '480'
  CLOUD_SYNC__LEASE_SECONDS: '60'
  CLOUD_SYNC__RETENTION_DAYS: '180'
  CLOUD_SYNC__LOG_LEVEL: 'INFO'
  CLOUD_SYNC__TELEMETRY: 'True'
  CLOUD_SYNC__LANGUAGE: 'en'
  CLOUD_SYNC__TIME_ZONE: 'Europe/Amsterdam'
  CLOUD_SYNC__EMAIL_CONNECTION_STRING: ''
}

// What Node.js is started with (docs/decisions/0011). The old generation may take half of the memory of the instance
// (instanceMemoryMB in function-app.bicep): more would leave too little for the host, less would end a large run.
var worker = {
  languageWorkers__node__arguments: '--max-old-space-size=1024 --max-semi-space-size=4 --heap-growing-percent=20 --no-incremental-marking'
  MALLOC_ARENA_MAX: '1'
  MALLOC_MMAP_THRESHOLD_: '131072'
}

var fromForm = {
  CLOUD_SYNC__TENANT_ID: tenantId
  CLOUD_SYNC__ZIVVER_API_KEY: '@Microsoft.KeyVault(SecretUri=${secretUri})'
  CLOUD_SYNC__INCLUDED_DOMAINS: includedDomains
  CLOUD_SYNC__SSO_ACCOUNT_KEY: ssoAccountKey
  CLOUD_SYNC__SOURCE_FILTER: sourceFilter
  CLOUD_SYNC__TARGET_FILTER: targetFilter
  CLOUD_SYNC__SCHEDULE: schedule
  CLOUD_SYNC__EMAIL_ENDPOINT: emailEndpoint
  CLOUD_SYNC__EMAIL_SENDER: emailSender
  CLOUD_SYNC__EMAIL_RECIPIENTS: emailRecipients
  CLOUD_SYNC__UPDATE_FEED: updateFeed
  CLOUD_SYNC__UPDATE_PUBLIC_KEY: updatePublicKey
}

var platform = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD'
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

// A second deployment keeps what was set by hand meanwhile; only the fields of the form win over it.
resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: functionApp
  name: 'appsettings'
  properties: union(defaults, worker, current, fromForm, platform)
}
