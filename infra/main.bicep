// Cloud Sync in one resource group. The Deploy-to-Azure form (infra/createUiDefinition.json) asks for the first eight
// parameters; four of them have no default.

metadata description = 'Cloud Sync: keeps Zivver accounts in step with the mailboxes of Exchange Online.'

@description('SCIM key of the Zivver organisation (Organization settings > Integrations > API keys, made by a full administrator). It is kept in Key Vault.')
@minLength(1)
@secure()
param zivverApiKey string

@description('The domains that the organisation claimed in Zivver, separated by commas. Only mailboxes whose primary address is in one of them are synchronised.')
@minLength(3)
param includedDomains string

@description('What an account gets as its SSO key. object_id: the object id of the user in Entra, right when the claim ZivverAccountKey of the Zivver app in Entra is user.objectid (its default). omit: no key is ever sent, right without SSO or with another claim. A wrong key makes people enter their Zivver password at the next login; a preview says how many existing accounts would get one.')
#disable-next-line secure-secrets-in-params // a choice, not a key
param ssoAccountKey 'object_id' | 'omit'

@description('Who gets the report of each run and the alerts: e-mail addresses, separated by commas.')
@minLength(6)
param emailRecipients string

@description('Object ids of Entra groups, separated by commas: only their direct members are synchronised. Empty: all mailboxes of the domains.')
param sourceFilter string = ''

@description('Addresses and domains in Zivver that are never changed, separated by commas: for example an administrator without a mailbox in this tenant.')
param targetFilter string = ''

@description('When the scheduled run starts, in UTC: NCRONTAB with seconds. The default is each night at one.')
param schedule string = '0 0 1 * * *'

@description('Whether the app installs new signed releases by itself. It then gets the role Website Contributor on itself.')
param automaticUpdates bool = false

@description('Region of all resources that have one.')
param location string = 'westeurope'

@description('Entra tenant whose mailboxes are read. The identity of the app belongs to the tenant of the subscription, so that it can be no other one.')
param tenantId string = tenant().tenantId

@description('First part of the names of all resources: lower-case letters and digits.')
@minLength(3)
@maxLength(10)
param namePrefix string = 'cloudsync'

@description('Days that logs are kept in Log Analytics.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Address of the package to deploy. A release sets it; empty: no code is deployed (azd deploys its own).')
param packageUri string = ''

@description('Address of the signed manifest of the newest release. A release sets it.')
param updateFeed string = ''

@description('Public key that manifests are signed with. A release sets it.')
param updatePublicKey string = ''

var suffix = uniqueString(resourceGroup().id)
var tags = { application: 'cloud-sync' }
var functionAppName = '${namePrefix}-${suffix}'
var recipients = map(filter(split(emailRecipients, ','), each => !empty(trim(each))), each => trim(each))
var updatesItself = automaticUpdates && !empty(updateFeed) && !empty(updatePublicKey)

module monitoring 'modules/monitoring.bicep' = {
  name: 'cloud-sync-monitoring'
  params: {
    location: location
    namePrefix: namePrefix
    suffix: suffix
    tags: tags
    retentionDays: logRetentionDays
  }
}

module storage 'modules/storage.bicep' = {
  name: 'cloud-sync-storage'
  params: {
    location: location
    // 24 characters at most, no hyphens.
    name: take('${namePrefix}${suffix}', 24)
    tags: tags
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'cloud-sync-key-vault'
  params: {
    location: location
    name: take('${namePrefix}-${suffix}', 24)
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    zivverApiKey: zivverApiKey
  }
}

module email 'modules/email.bicep' = {
  name: 'cloud-sync-email'
  params: {
    namePrefix: namePrefix
    suffix: suffix
    tags: tags
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'cloud-sync-function-app'
  params: {
    location: location
    name: functionAppName
    tags: tags
    packageContainerUri: storage.outputs.packageContainerUri
  }
}

module roleAssignments 'modules/role-assignments.bicep' = {
  name: 'cloud-sync-role-assignments'
  params: {
    principalId: functionApp.outputs.principalId
    functionAppName: functionApp.outputs.name
    storageName: storage.outputs.name
    vaultName: keyVault.outputs.vaultName
    secretName: keyVault.outputs.secretName
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    communicationName: email.outputs.communicationName
    mayPublishItself: updatesItself
  }
}

module appSettings 'modules/app-settings.bicep' = {
  name: 'cloud-sync-app-settings'
  params: {
    functionAppName: functionApp.outputs.name
    tenantId: tenantId
    includedDomains: includedDomains
    ssoAccountKey: ssoAccountKey
    sourceFilter: sourceFilter
    targetFilter: targetFilter
    schedule: schedule
    emailRecipients: join(recipients, ',')
    updateFeed: updatesItself ? updateFeed : ''
    updatePublicKey: updatesItself ? updatePublicKey : ''
    storageName: storage.outputs.name
    secretUri: keyVault.outputs.secretUri
    emailEndpoint: email.outputs.endpoint
    emailSender: email.outputs.sender
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    current: list('${resourceId('Microsoft.Web/sites', functionAppName)}/config/appsettings', '2024-04-01').properties
  }
  dependsOn: [
    roleAssignments
  ]
}

module code 'modules/code.bicep' = if (!empty(packageUri)) {
  name: 'cloud-sync-code'
  params: {
    functionAppName: functionApp.outputs.name
    packageUri: packageUri
  }
  dependsOn: [
    appSettings
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: 'cloud-sync-alerts'
  params: {
    location: location
    namePrefix: namePrefix
    suffix: suffix
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    recipients: recipients
  }
}

@description('Name of the Function App.')
output functionAppName string = functionApp.outputs.name

@description('Object id of the identity, for infra/grant-permissions.ts.')
output principalId string = functionApp.outputs.principalId

@description('The dashboard. It asks for a function key.')
output dashboardUrl string = 'https://${functionApp.outputs.hostName}/api/dashboard'
