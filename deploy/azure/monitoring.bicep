param name string
param location string
param account string
param alertAddress string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'logs-${name}'
  location: location
  properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'insights-${name}'
  location: location
  kind: 'web'
  properties: { Application_Type: 'web', WorkspaceResourceId: workspace.id }
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = { name: account }

resource receivers 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertAddress)) {
  name: 'alerts-${name}'
  location: 'global'
  properties: {
    groupShortName: 'orders'
    enabled: true
    emailReceivers: [{ name: 'operator', emailAddress: alertAddress, useCommonAlertSchema: true }]
  }
}

var actions = empty(alertAddress) ? [] : [{ actionGroupId: receivers.id }]

resource throttled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'throttled-${name}'
  location: 'global'
  properties: {
    description: 'The account refuses requests for want of throughput: services are slow, and fall behind.'
    severity: 2
    enabled: true
    scopes: [cosmos.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'refused'
          metricNamespace: 'Microsoft.DocumentDB/databaseAccounts'
          metricName: 'TotalRequests'
          dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
          operator: 'GreaterThan'
          threshold: 100
          timeAggregation: 'Count'
        }
      ]
    }
    actions: actions
  }
}

// Lines of the services' own logs; a test finds each in the code that writes it.
var logAlerts = loadJsonContent('../monitoring/log-alerts.json')

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = [
  for alert in logAlerts: {
    name: '${alert.name}-${name}'
    location: location
    properties: {
      description: alert.description
      severity: 2
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      skipQueryValidation: true
      criteria: {
        allOf: [{ query: 'ContainerAppConsoleLogs | where Log has "${alert.contains}"', timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }]
      }
      actions: { actionGroups: empty(alertAddress) ? [] : [receivers.id] }
    }
  }
]

// The services on the change feed at a glance; its queries read instruments the code has, which a test looks at.
resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'order-pipeline')
  location: location
  kind: 'shared'
  properties: {
    displayName: 'Order pipeline'
    category: 'workbook'
    sourceId: insights.id
    serializedData: loadTextContent('../monitoring/workbook.json')
  }
}

output workspace string = workspace.id
output connectionString string = insights.properties.ConnectionString
