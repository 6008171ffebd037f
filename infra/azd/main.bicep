// For `azd up`: makes the resource group, and deploys the same template into it. azd then deploys the code.
targetScope = 'subscription'

@description('Name of the azd environment; the resource group is called after it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of all resources.')
param location string

@description('SCIM key of the Zivver organisation. It is kept in Key Vault.')
@secure()
param zivverApiKey string

@description('The domains that the organisation claimed in Zivver, separated by commas.')
param includedDomains string

@description('What an account gets as its SSO key: object_id or omit; infra/main.bicep says when which is right.')
#disable-next-line secure-secrets-in-params // a choice, not a key
param ssoAccountKey 'object_id' | 'omit'

@description('Who gets the report of each run and the alerts: e-mail addresses, separated by commas.')
param emailRecipients string

@description('Object ids of Entra groups, separated by commas. Empty: all mailboxes of the domains.')
param sourceFilter string

@description('Addresses and domains in Zivver that are never changed, separated by commas.')
param targetFilter string

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: { 'azd-env-name': environmentName }
}

module cloudSync '../main.bicep' = {
  name: 'cloud-sync'
  scope: group
  params: {
    location: location
    zivverApiKey: zivverApiKey
    includedDomains: includedDomains
    ssoAccountKey: ssoAccountKey
    emailRecipients: emailRecipients
    sourceFilter: sourceFilter
    targetFilter: targetFilter
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = cloudSync.outputs.functionAppName
output PRINCIPAL_ID string = cloudSync.outputs.principalId
output DASHBOARD_URL string = cloudSync.outputs.dashboardUrl
