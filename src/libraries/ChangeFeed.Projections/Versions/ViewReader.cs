using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Versions;

/// <summary>Reads documents of views, from the version that serves at that moment.</summary>
public sealed class ViewReader(ViewDatabase containers, ViewDirectory directory)
{
    /// <summary>The container that serves a view; for queries, which need one container from first page to last.</summary>
    public async ValueTask<Container> ServingAsync(string view, CancellationToken cancellationToken) =>
        containers.Version(view, (await directory.GetAsync(view, cancellationToken)).Serving);

    /// <summary>A document as far as the view has it; null when it has none. One request unit, two during a switch.</summary>
    /// <param name="view">The view.</param>
    /// <param name="partitionKey">Where the document is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="json">Metadata of the document.</param>
    /// <param name="versionOf">Version of the last event that is in it.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<T?> ReadAsync<T>(
        string view, string partitionKey, string id, JsonTypeInfo<T> json, Func<T, long> versionOf, CancellationToken cancellationToken)
        where T : class
    {
        var versions = await directory.GetAsync(view, cancellationToken);
        if (versions.Read is [var only])
            return await ReadAsync(containers.Version(view, only), partitionKey, id, json, cancellationToken);
        var found = await Task.WhenAll(versions.Read.Select(v => ReadAsync(containers.Version(view, v), partitionKey, id, json, cancellationToken)));
        return found.OfType<T>().MaxBy(versionOf);
    }

    private static async Task<T?> ReadAsync<T>(
        Container container, string partitionKey, string id, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class => (await container.FindAsync(id, partitionKey, json, cancellationToken))?.Document;
}
