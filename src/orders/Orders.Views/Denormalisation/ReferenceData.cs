using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Views.Denormalisation;

/// <summary>Reads the documents of customers and products.</summary>
public sealed class ReferenceData(OrdersDatabase database)
{
    /// <summary>What something is called as its document stands; null when there is none. One request unit.</summary>
    public async Task<ReferenceName?> ReadNameAsync(Reference reference, CancellationToken cancellationToken)
    {
        IReferenceDocument? document = reference.Kind switch
        {
            ReferenceKind.Customer => (await database.Get(ReferenceContainers.Customers).FindAsync(reference.Id, reference.Id, ReadModelsJson.Default.CustomerDocument, cancellationToken))?.Document,
            ReferenceKind.Product => (await database.Get(ReferenceContainers.Products).FindAsync(reference.Id, reference.Id, ReadModelsJson.Default.ProductDocument, cancellationToken))?.Document,
            _ => throw new ArgumentOutOfRangeException(nameof(reference)),
        };
        return document is null ? null : new ReferenceName(reference.Kind, reference.Id, document.Name, document.Version);
    }

    /// <summary>Where the documents of a kind are.</summary>
    public Container Container(ReferenceKind kind) => kind switch
    {
        ReferenceKind.Customer => database.Get(ReferenceContainers.Customers),
        ReferenceKind.Product => database.Get(ReferenceContainers.Products),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
