using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Api.Customers;

/// <summary>Reads what the views have written about an erasure: one partition.</summary>
internal sealed class ErasureReader(OrdersDatabase database)
{
    public async Task<ErasureResponse> ReadAsync(string customerId, DateTimeOffset requestedAt, CancellationToken cancellationToken)
    {
        var progress = (
            await database.Get(ErasureContainers.Erasures)
            .FindAsync(ErasureDocument.Document, customerId, ReadModelsJson.Default.ErasureDocument, cancellationToken))?.Document;
        return new ErasureResponse
        {
            CustomerId = customerId,
            RequestedAt = requestedAt,
            KeyDroppedAt = progress?.KeyDroppedAt,
            Orders = progress?.Orders ?? 0,
            DoneAt = progress?.DoneAt,
            DocumentsDeleted = progress is null ? 0 : await DeletedAsync(customerId, cancellationToken),
        };
    }

    private async Task<int> DeletedAsync(string customerId, CancellationToken cancellationToken)
    {
        using var pages = database.Get(ErasureContainers.Erasures).GetItemQueryIterator<int>(
            new QueryDefinition("SELECT VALUE COUNT(1) FROM c WHERE STARTSWITH(c.id, @prefix)").WithParameter("@prefix", DeletionDocument.IdPrefix),
            requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(customerId) });
        var deleted = 0;
        while (pages.HasMoreResults)
            deleted += (await pages.ReadNextAsync(cancellationToken)).Sum();
        return deleted;
    }
}
