// The key vault with the one secret of the app: Zivver's API key.

param location string
param name string
param tags object
param workspaceId string

@secure()
param zivverApiKey string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // The key can be made again in Zivver in a minute; a long retention would only block the vault's name.
    softDeleteRetentionInDays: 7
    publicNetworkAccess: 'Enabled'
  }
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'zivver-api-key'
  properties: {
    value: zivverApiKey
    contentType: 'SCIM key of the Zivver organisation'
  }
}

// Who read the key, and when.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

output vaultName string = vault.name
output secretName string = secret.name
// Without a version: a key that is replaced in the vault reaches the app by itself, within a day or after a restart.
#disable-next-line outputs-should-not-contain-secrets // the address of the secret, not its value
output secretUri string = '${vault.properties.vaultUri}secrets/${secret.name}'
