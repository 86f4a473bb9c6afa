using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;

namespace ChangeFeed.Projections.Tests.Support;

/// <summary>A container in memory.</summary>
internal sealed class InMemoryViewStore<TDocument> : IViewStore<TDocument>
    where TDocument : class
{
    private readonly Lock _lock = new();

    public Dictionary<ViewKey, (TDocument Document, int ETag)> Documents { get; } = [];

    public int Writes { get; private set; }

    public Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult<(TDocument, string)?>(Documents.TryGetValue(key, out var found) ? (found.Document, $"{found.ETag}") : null);
    }

    public Task<string?> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (etag != (Documents.TryGetValue(key, out var standing) ? $"{standing.ETag}" : null))
                return Task.FromResult<string?>(null);
            Documents[key] = (document, ++Writes);
            return Task.FromResult<string?>($"{Writes}");
        }
    }
}
