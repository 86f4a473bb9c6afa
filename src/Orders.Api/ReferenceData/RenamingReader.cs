using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using OrderPipeline.Contracts;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.Orders.Api.ReferenceData;

/// <summary>Reads what the views have written about a renaming. One request unit.</summary>
internal sealed class RenamingReader(OrdersDatabase database)
{
    public async Task<RenamingDocument?> FindAsync(Reference reference, CancellationToken cancellationToken)
    {
        using var response = await database.Views.ReadItemStreamAsync(
            RenamingDocument.TheId, new PartitionKey(RenamingDocument.PartitionOf(reference)), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return await JsonSerializer.DeserializeAsync(response.Content, ContractsJson.Default.RenamingDocument, cancellationToken);
    }
}
