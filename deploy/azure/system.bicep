param environmentName string
param location string
param secondaryRegion string
param capacity string
param maxThroughput int
param authority string
param audience string
param smtpHost string
@secure()
param scalerKey string
param scalerKeyHash string
param alertAddress string

var suffix = uniqueString(subscription().id, resourceGroup().id)

module cosmos 'cosmos.bicep' = {
  params: {
    name: 'cosmos-${suffix}'
    location: location
    secondaryRegion: secondaryRegion
    capacity: capacity
    maxThroughput: maxThroughput
  }
}

module monitoring 'monitoring.bicep' = {
  params: {
    name: environmentName
    location: location
    account: cosmos.outputs.name
    alertAddress: alertAddress
  }
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'registry${suffix}'
  location: location
  sku: { name: 'Basic' }
  properties: { adminUserEnabled: false }
}

resource apps 'Microsoft.App/managedEnvironments@2024-10-02-preview' = {
  name: 'apps-${environmentName}'
  location: location
  properties: {
    appLogsConfiguration: { destination: 'azure-monitor' }
    // Gives every app the variable OTEL_EXPORTER_OTLP_ENDPOINT.
    appInsightsConfiguration: { connectionString: monitoring.outputs.connectionString }
    openTelemetryConfiguration: {
      tracesConfiguration: { destinations: ['appInsights'] }
      logsConfiguration: { destinations: ['appInsights'] }
    }
  }
}

// Without a key of the workspace, which the other way would need.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: apps
  name: 'logs'
  properties: {
    workspaceId: monitoring.outputs.workspace
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

var domain = apps.properties.defaultDomain
var careUrl = 'https://customer-care.${domain}'

// What docker-compose.yml has under x-callers.
var callers = [
  { name: 'Authentication__Schemes__Bearer__Authority', value: authority }
  { name: 'Authentication__Schemes__Bearer__ValidAudience', value: audience }
]

var scaler = empty(scalerKey)
  ? []
  : [
      { name: 'CustomerCare__Keys__0__Name', value: 'scaler' }
      { name: 'CustomerCare__Keys__0__Role', value: 'reader' }
      { name: 'CustomerCare__Keys__0__Hash', value: scalerKeyHash }
    ]

var mail = empty(smtpHost)
  ? [{ name: 'Mail__PickupDirectory', value: '/data' }]
  : [
      { name: 'Mail__Smtp__Host', value: smtpHost }
      { name: 'Mail__Smtp__Tls', value: 'true' }
    ]

// The account has continuous backup, and so a feed of versions and deletes.
var timers = [{ name: 'Timers__ObserveExpiry', value: 'true' }]

var simulators = [{ name: 'Simulators__Directory', value: '/data' }]

// The endpoints of a worker are those of the change feed by which it is scaled: the one that is furthest behind decides.
var services = [
  {
    name: 'orders-api'
    isPublic: true
    endpoints: []
    settings: concat(callers, [{ name: 'OrdersApi__RequireAuth', value: 'true' }])
  }
  { name: 'tax', isPublic: false, endpoints: ['tax'], settings: [] }
  { name: 'tax-audit', isPublic: false, endpoints: ['tax-audit'], settings: [] }
  { name: 'payment', isPublic: false, endpoints: ['payment'], settings: concat(simulators, timers) }
  { name: 'fulfillment', isPublic: false, endpoints: ['fulfillment'], settings: concat(simulators, timers) }
  { name: 'notification', isPublic: false, endpoints: ['notification'], settings: concat(mail, timers) }
  {
    name: 'views'
    isPublic: false
    endpoints: ['order-status', 'customer-orders', 'statistics', 'search']
    settings: [{ name: 'Erasure__ObserveDeletes', value: 'true' }]
  }
  {
    name: 'customer-care'
    isPublic: true
    endpoints: []
    settings: concat(callers, scaler, [
      { name: 'CustomerCare__RequireAuth', value: 'true' }
      { name: 'services__orders-api__http__0', value: 'http://orders-api' }
      { name: 'Shopper__Rate', value: '' }
      { name: 'Shopper__Key', value: '' }
    ])
  }
]

module app 'service.bicep' = [
  for service in services: {
    name: 'app-${service.name}'
    params: {
      name: service.name
      location: location
      environmentId: apps.id
      registry: registry.name
      account: cosmos.outputs.name
      isPublic: service.isPublic
      endpoints: service.endpoints
      careUrl: careUrl
      scalerKey: scalerKey
      settings: concat(service.settings, [
        { name: 'ConnectionStrings__cosmos', value: cosmos.outputs.endpoint }
        { name: 'AllowedHosts', value: 'localhost;127.0.0.1;${service.name};${service.name}.${domain}' }
      ])
    }
  }
]

output registry string = registry.properties.loginServer
output ordersApi string = 'https://orders-api.${domain}'
output customerCare string = careUrl
