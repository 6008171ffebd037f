// Alerts outside of the app: who is silent cannot tell that something is wrong. They mail the recipients of the report.

param location string
param namePrefix string
param suffix string
param tags object
param workspaceId string
param recipients array

// Each looks at the log, every `every`, back over `window`, and fires when `query` gives `value` and `operator` and
// `threshold` hold for it.
var alerts = [
  {
    name: 'run-failed'
    severity: 1
    description: 'A run of Cloud Sync failed or was blocked, or a message was given up. The report says why; docs/troubleshooting.md has the remedies.'
    every: 'PT15M'
    window: 'PT30M'
    // The second line: a message that failed five times; the run itself may never have begun.
    query: '''
      AppTraces
      | where Message startswith "run ended: failed" or Message startswith "run ended: blocked"
          or OperationName == "poisonedRun"
      | summarize Value = count()
    '''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'no-successful-run'
    severity: 2
    description: 'Cloud Sync ended no run successfully for 36 hours. Look at the health page and at the history of runs.'
    every: 'PT1H'
    window: 'P2D'
    // The heartbeat metric; the log line as well, for an installation without telemetry.
    query: '''
      union isfuzzy=true
          (AppMetrics | where Name == "cloud_sync.successful_run"),
          (AppTraces | where Message startswith "run ended: succeeded"
              or Message startswith "run ended: completed_with_errors")
      | where TimeGenerated > ago(36h)
      | summarize Value = count()
    '''
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'does-not-start'
    severity: 1
    description: 'Cloud Sync does not start: its timer resumeRuns, which goes every minute, has not succeeded for an hour.'
    every: 'PT30M'
    window: 'PT1H'
    query: '''
      AppRequests
      | where Name == "resumeRuns" and Success
      | summarize Value = count()
    '''
    operator: 'LessThan'
    threshold: 1
  }
]

resource administrators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${namePrefix}-administrators-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'CloudSync'
    emailReceivers: [
      for (address, index) in recipients: {
        name: 'recipient ${index + 1}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = [
  for alert in alerts: {
    name: '${namePrefix}-${alert.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Cloud Sync: ${replace(alert.name, '-', ' ')}'
      description: alert.description
      severity: alert.severity
      enabled: true
      autoMitigate: true
      // The tables of a new workspace are made by the first line that is logged.
      skipQueryValidation: true
      scopes: [
        workspaceId
      ]
      evaluationFrequency: alert.every
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Total'
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [
          administrators.id
        ]
      }
    }
  }
]
