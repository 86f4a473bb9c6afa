using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Api.ReferenceData;

/// <summary>Reads what the views have written about a renaming. One request unit.</summary>
internal sealed class RenamingReader(OrdersDatabase database)
{
    public async Task<RenamingDocument?> FindAsync(Reference reference, CancellationToken cancellationToken) =>
        (await database.Views.FindAsync(
            RenamingDocument.TheId, RenamingDocument.PartitionOf(reference), ReadModelsJson.Default.RenamingDocument, cancellationToken))?.Document;
}
