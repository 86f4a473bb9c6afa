targetScope = 'subscription'

@minLength(1)
@maxLength(20)
@description('Name of the environment; part of the names of all that is created.')
param environmentName string

@description('Where everything is created.')
param location string

@description('A second region the account replicates to; empty for none.')
param secondaryRegion string = ''

@allowed(['serverless', 'autoscale'])
@description('How the account is paid for: by request, or by the throughput it may scale to.')
param capacity string = 'serverless'

@minValue(1000)
@description('Request units per second the database may scale to; of autoscale only.')
param maxThroughput int = 4000

@description('Issuer of the tokens both APIs take, such as https://login.microsoftonline.com/TENANT/v2.0.')
param authority string

@description('What the issuer gives as the audience for these APIs.')
param audience string

@description('Mail server; empty to write mails to a directory that goes with its container.')
param smtpHost string = ''

@secure()
@description('Key of a reader at customer care, by which workers are scaled on how far behind they are; empty to scale on processor time.')
param scalerKey string = ''

@description('Its hash: printf %s KEY | sha256sum.')
param scalerKeyHash string = ''

@description('Where alerts are sent; empty for nobody.')
param alertAddress string = ''

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: { 'azd-env-name': environmentName }
}

module system 'system.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    secondaryRegion: secondaryRegion
    capacity: capacity
    maxThroughput: maxThroughput
    authority: authority
    audience: audience
    smtpHost: smtpHost
    scalerKey: scalerKey
    scalerKeyHash: scalerKeyHash
    alertAddress: alertAddress
  }
}

output AZURE_CONTAINER_REGISTRY_ENDPOINT string = system.outputs.registry
output ORDERS_API string = system.outputs.ordersApi
output CUSTOMER_CARE string = system.outputs.customerCare
