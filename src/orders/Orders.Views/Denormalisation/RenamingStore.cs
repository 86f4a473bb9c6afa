using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Views.Denormalisation;

/// <summary>Keeps how far renamings are.</summary>
public interface IRenamingStore
{
    /// <summary>How far one is, and the etag to change it by; nulls where nothing was ever renamed.</summary>
    Task<(RenamingDocument? Renaming, string? ETag)> ReadAsync(Reference reference, CancellationToken cancellationToken);

    /// <summary>Writes how far one is.</summary>
    /// <returns>The new etag; null when somebody else wrote since it was read.</returns>
    Task<string?> TryWriteAsync(RenamingDocument renaming, string? etag, CancellationToken cancellationToken);
}

/// <summary>The same in container <c>views</c>.</summary>
public sealed class RenamingStore(OrdersDatabase database) : IRenamingStore
{
    public async Task<(RenamingDocument? Renaming, string? ETag)> ReadAsync(Reference reference, CancellationToken cancellationToken) =>
        await database.Views.FindAsync(
            RenamingDocument.TheId, RenamingDocument.PartitionOf(reference), ReadModelsJson.Default.RenamingDocument, cancellationToken) is { } found
            ? (found.Document, found.ETag)
            : (null, null);

    public Task<string?> TryWriteAsync(RenamingDocument renaming, string? etag, CancellationToken cancellationToken) =>
        database.Views.TryWriteAsync(renaming.Id, renaming.Partition, renaming, etag, ReadModelsJson.Default.RenamingDocument, cancellationToken);
}
