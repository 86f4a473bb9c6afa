using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections;

/// <summary>The events views are made of: all of them through the feed, or stream by stream.</summary>
/// <param name="container">Where the events are.</param>
/// <param name="types">What they are.</param>
/// <param name="store">Reads streams from there.</param>
public sealed class EventSource(Container container, EventTypeMap types, CosmosEventStore store)
{
    /// <summary>Reads all events, range by range, those that have left the container among them.</summary>
    public ChangeFeedReader Feed { get; } = new(container, types, store);

    /// <summary>Reads streams.</summary>
    public CosmosEventStore Store => store;

    /// <summary>Reads a part of a stream.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadAsync(string streamId, long fromVersion, long toVersion, CancellationToken cancellationToken) =>
        store.ReadAsync(streamId, fromVersion, toVersion, cancellationToken);

    /// <summary>How many events there are.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        using var pages = container.GetItemQueryIterator<long>("SELECT VALUE COUNT(1) FROM c");
        return (await pages.ReadNextAsync(cancellationToken)).Sum();
    }
}
