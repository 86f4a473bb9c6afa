using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using OrderPipeline.Contracts;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.Views.Denormalisation;

/// <summary>Reads the documents of customers and products.</summary>
public sealed class ReferenceData(OrdersDatabase database)
{
    /// <summary>What something is called as its document stands; null when there is none. One request unit.</summary>
    public async Task<ReferenceName?> ReadNameAsync(Reference reference, CancellationToken cancellationToken)
    {
        using var response = await Container(reference.Kind).ReadItemStreamAsync(
            reference.Id, new PartitionKey(reference.Id), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        IReferenceDocument document = reference.Kind switch
        {
            ReferenceKind.Customer => (await JsonSerializer.DeserializeAsync(response.Content, ContractsJson.Default.CustomerDocument, cancellationToken))!,
            ReferenceKind.Product => (await JsonSerializer.DeserializeAsync(response.Content, ContractsJson.Default.ProductDocument, cancellationToken))!,
            _ => throw new ArgumentOutOfRangeException(nameof(reference)),
        };
        return new ReferenceName(reference.Kind, reference.Id, document.Name, document.Version);
    }

    /// <summary>Where the documents of a kind are.</summary>
    public Container Container(ReferenceKind kind) => kind switch
    {
        ReferenceKind.Customer => database.Customers,
        ReferenceKind.Product => database.Products,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
