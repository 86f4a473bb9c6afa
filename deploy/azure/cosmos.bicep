param name string
param location string
param secondaryRegion string
param capacity string
param maxThroughput int

// The containers as the code declares them; a test holds the two against each other.
var containers = loadJsonContent('containers.json')

var regions = concat(
  [{ locationName: location, failoverPriority: 0, isZoneRedundant: false }],
  empty(secondaryRegion) ? [] : [{ locationName: secondaryRegion, failoverPriority: 1, isZoneRedundant: false }]
)

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' = {
  name: name
  location: location
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: regions
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    enableAutomaticFailover: !empty(secondaryRegion)
    capabilities: capacity == 'serverless' ? [{ name: 'EnableServerless' }] : []
    // Versions and deletes, which the views observe, are kept for as long as the backup reaches.
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
    // Identities only: there is no key to lose.
    disableLocalAuth: true
    minimalTlsVersion: 'Tls12'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2024-11-15' = {
  parent: account
  name: 'orders'
  properties: {
    resource: { id: 'orders' }
    options: capacity == 'serverless' ? {} : { autoscaleSettings: { maxThroughput: maxThroughput } }
  }
}

@batchSize(4)
resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2024-11-15' = [
  for definition in containers: {
    parent: database
    name: definition.name
    properties: {
      resource: union(
        {
          id: definition.name
          partitionKey: { kind: 'Hash', version: 2, paths: [definition.partitionKey] }
          // Only what queries filter or order by: each term of an index costs with each write.
          indexingPolicy: {
            indexingMode: 'consistent'
            automatic: true
            includedPaths: map(definition.indexed, path => { path: path })
            excludedPaths: [{ path: '/*' }]
          }
        },
        contains(definition, 'defaultTtl') ? { defaultTtl: definition.defaultTtl } : {}
      )
    }
  }
]

output name string = account.name
output endpoint string = account.properties.documentEndpoint
