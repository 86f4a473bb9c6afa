using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using OrderPipeline.Contracts;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.Views.Denormalisation;

/// <summary>Keeps how far renamings are.</summary>
public interface IRenamingBook
{
    /// <summary>How far one is, and the etag to change it by; nulls where nothing was ever renamed.</summary>
    Task<(RenamingDocument? Renaming, string? ETag)> ReadAsync(Reference reference, CancellationToken cancellationToken);

    /// <summary>Writes how far one is.</summary>
    /// <returns>The new etag; null when somebody else wrote since it was read.</returns>
    Task<string?> TryWriteAsync(RenamingDocument renaming, string? etag, CancellationToken cancellationToken);
}

/// <summary>The same in container <c>views</c>.</summary>
public sealed class RenamingBook(OrdersDatabase database) : IRenamingBook
{
    public async Task<(RenamingDocument? Renaming, string? ETag)> ReadAsync(Reference reference, CancellationToken cancellationToken)
    {
        var partition = RenamingDocument.PartitionOf(reference);
        using var response = await database.Views.ReadItemStreamAsync(RenamingDocument.TheId, new PartitionKey(partition), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return (null, null);
        response.EnsureSuccessStatusCode();
        return (await JsonSerializer.DeserializeAsync(response.Content, ContractsJson.Default.RenamingDocument, cancellationToken), response.Headers.ETag);
    }

    public async Task<string?> TryWriteAsync(RenamingDocument renaming, string? etag, CancellationToken cancellationToken)
    {
        var partition = new PartitionKey(renaming.Partition);
        var options = new ItemRequestOptions { IfMatchEtag = etag, EnableContentResponseOnWrite = false };
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(renaming, ContractsJson.Default.RenamingDocument), writable: false);
        using var response = etag is null
            ? await database.Views.CreateItemStreamAsync(body, partition, options, cancellationToken)
            : await database.Views.ReplaceItemStreamAsync(body, renaming.Id, partition, options, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return response.Headers.ETag;
    }
}
