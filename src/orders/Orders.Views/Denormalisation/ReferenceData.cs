using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Views.Denormalisation;

/// <summary>Reads the documents of customers and products.</summary>
public sealed class ReferenceData(OrdersDatabase database, ILogger<ReferenceData> logger)
{
    /// <summary>What something is called as its document stands; null when there is none. One request unit.</summary>
    public async Task<ReferenceName?> ReadNameAsync(Reference reference, CancellationToken cancellationToken)
    {
        IReferenceDocument? document = reference.Kind switch
        {
            ReferenceKind.Customer =>
                (await database.Get(ReferenceContainers.Customers)
                .FindAsync(reference.Id, reference.Id, ReadModelsJson.Default.CustomerDocument, cancellationToken))?.Document,
            ReferenceKind.Product =>
                (await database.Get(ReferenceContainers.Products)
                .FindAsync(reference.Id, reference.Id, ReadModelsJson.Default.ProductDocument, cancellationToken))?.Document,
            _ => throw new ArgumentOutOfRangeException(nameof(reference)),
        };
        return document is null ? null : new ReferenceName(reference.Kind, reference.Id, document.Name, document.Version);
    }

    /// <summary>
    /// The same for whoever makes a document with the name in it: one that nobody can read has none, so that it does not hold up every order it is
    /// about. Whoever follows its changes says that it cannot be read, and brings the name where it belongs once it can.
    /// </summary>
    public async Task<ReferenceName?> ReadNameIfAnyAsync(Reference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadNameAsync(reference, cancellationToken);
        }
        catch (JsonException e)
        {
            logger.LogWarning("{Kind} '{Id}' cannot be read, so orders are shown without its name: {Problem}", reference.Kind, reference.Id, e.Message);
            return null;
        }
    }

    /// <summary>Where the documents of a kind are.</summary>
    public Container Container(ReferenceKind kind) => kind switch
    {
        ReferenceKind.Customer => database.Get(ReferenceContainers.Customers),
        ReferenceKind.Product => database.Get(ReferenceContainers.Products),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
