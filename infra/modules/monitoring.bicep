// Log Analytics, and Application Insights on top of it: where the app's log, requests and telemetry go.

param location string
param namePrefix string
param suffix string
param tags object

@description('Days that logs are kept. 30 days cost nothing beyond their ingestion.')
@minValue(30)
@maxValue(730)
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${namePrefix}-log-${suffix}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      // Readers need a role on the workspace or on the resource that wrote the log.
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    workspaceCapping: {
      // A DEBUG log that was forgotten must not become a bill.
      dailyQuotaGb: 1
    }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${namePrefix}-insights-${suffix}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // Telemetry is taken from the app's identity only; the connection string alone opens nothing.
    DisableLocalAuth: true
    IngestionMode: 'LogAnalytics'
  }
}

output workspaceId string = workspace.id
output applicationInsightsName string = applicationInsights.name
output connectionString string = applicationInsights.properties.ConnectionString
