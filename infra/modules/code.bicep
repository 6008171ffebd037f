// The code itself, as a release published it: deployed as it is, nothing is built or installed on Azure.

param functionAppName string

@description('Address of the package (cloud-sync-<version>.zip). It must answer without a redirect.')
param packageUri string

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource code 'Microsoft.Web/sites/extensions@2024-04-01' = {
  parent: functionApp
  name: 'onedeploy'
  // Azure takes these properties; the published types of this resource do not know them.
  #disable-next-line BCP187
  properties: {
    packageUri: packageUri
    remoteBuild: false
  }
}
