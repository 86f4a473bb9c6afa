using ChangeFeed.EventStore;
using Orders.Contracts;
using ChangeFeed.ServiceDefaults;

namespace Orders.Api.ReferenceData;

/// <summary>Reads what the views have written about a renaming. One request unit.</summary>
internal sealed class RenamingReader(OrdersDatabase database)
{
    public async Task<RenamingDocument?> FindAsync(Reference reference, CancellationToken cancellationToken) =>
        (await database.Views.FindAsync(RenamingDocument.TheId, RenamingDocument.PartitionOf(reference), ContractsJson.Default.RenamingDocument, cancellationToken))?.Document;
}
