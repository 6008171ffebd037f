// For `azd up`: makes the resource group, and deploys the same template into it. azd then deploys the code.
targetScope = 'subscription'

@description('Name of the azd environment; the resource group is called after it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of all resources.')
param location string

@secure()
param zivverApiKey string

param includedDomains string

#disable-next-line secure-secrets-in-params // a choice, not a key
param ssoAccountKey 'object_id' | 'omit'

param emailRecipients string
param sourceFilter string
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
