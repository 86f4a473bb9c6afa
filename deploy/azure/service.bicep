param name string
param location string
param environmentId string
param registry string
param account string
param isPublic bool
@description('Its endpoints of the change feed; none for an API.')
param endpoints array
param careUrl string
@secure()
param scalerKey string
param settings array

var isWorker = !empty(endpoints)
var scalesOnLag = isWorker && !empty(scalerKey)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${name}'
  location: location
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = { name: account }

// Cosmos DB Built-in Data Contributor: documents, and nothing of the account.
resource data 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = {
  parent: cosmos
  name: guid(cosmos.id, identity.id, 'data')
  properties: {
    principalId: identity.properties.principalId
    roleDefinitionId: '${cosmos.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
    scope: cosmos.id
  }
}

resource images 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = { name: registry }

var acrPull = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: images
  name: guid(images.id, identity.id, acrPull)
  properties: { principalId: identity.properties.principalId, principalType: 'ServicePrincipal', roleDefinitionId: acrPull }
}

var lagRules = [
  for endpoint in endpoints: {
    name: 'lag-${endpoint}'
    custom: {
      type: 'metrics-api'
      metadata: {
        url: '${careUrl}/care/services'
        valueLocation: '#(standing.name=="${endpoint}").standing.behind'
        targetValue: '500'
        authMode: 'apiKey'
        method: 'header'
        keyParamName: 'X-Api-Key'
      }
      auth: [{ secretRef: 'scaler-key', triggerParameter: 'apiKey' }]
    }
  }
]

// Probes call by address, which is none of the names it may be called by.
var host = [{ name: 'Host', value: 'localhost' }]

resource app 'Microsoft.App/containerApps@2024-10-02-preview' = {
  name: name
  location: location
  tags: { 'azd-service-name': name }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  dependsOn: [data, pull]
  properties: {
    environmentId: environmentId
    configuration: {
      ingress: isWorker ? null : { external: isPublic, targetPort: 8080, allowInsecure: !isPublic }
      registries: [{ server: images.properties.loginServer, identity: identity.id }]
      secrets: scalesOnLag ? [{ name: 'scaler-key', value: scalerKey }] : []
    }
    template: {
      containers: [
        {
          name: name
          // azd replaces it by the image it has built.
          image: 'mcr.microsoft.com/azuredocs/containerapps-helloworld:latest'
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: concat(settings, [
            { name: 'ASPNETCORE_HTTP_PORTS', value: '8080' }
            { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
          ])
          volumeMounts: [{ volumeName: 'data', mountPath: '/data' }]
          probes: [
            { type: 'Startup', httpGet: { path: '/health', port: 8080, httpHeaders: host }, periodSeconds: 5, failureThreshold: 24 }
            { type: 'Liveness', httpGet: { path: '/alive', port: 8080, httpHeaders: host }, periodSeconds: 30 }
          ]
        }
      ]
      volumes: [{ name: 'data', storageType: 'EmptyDir' }]
      // A worker that stands still moves nothing, so one always runs. More than there are physical partitions are spares.
      scale: {
        minReplicas: 1
        maxReplicas: isWorker ? 4 : 10
        rules: scalesOnLag
          ? lagRules
          : [{ name: 'processor', custom: { type: 'cpu', metadata: { type: 'Utilization', value: '70' } } }]
      }
    }
  }
}
