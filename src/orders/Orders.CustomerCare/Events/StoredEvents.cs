using System.Globalization;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;
using Orders.PersonalData;

namespace Orders.CustomerCare.Events;

/// <summary>Reads streams as they are stored, their personal data opened.</summary>
internal sealed class StoredEvents(OrdersDatabase database, CosmosEventStore store, PersonalDataProtector personal)
{
    /// <summary>Most events read at once; an order has a handful.</summary>
    public const int MaxEvents = 1000;

    /// <summary>
    /// Events of a stream in order, wherever they are; empty when there is none. One partition, about three request units a hundred events, and a read in
    /// the archive where it has them.
    /// </summary>
    public async Task<IReadOnlyList<StoredEvent>> ReadAsync(string streamId, long from, int limit, CancellationToken cancellationToken)
    {
        var query = new QueryDefinition("SELECT * FROM c WHERE c.version >= @from ORDER BY c.version").WithParameter("@from", from);
        using var pages = database.Events.GetItemQueryStreamIterator(query, requestOptions: new QueryRequestOptions
        {
            PartitionKey = new PartitionKey(streamId),
            MaxItemCount = limit,
            EnableOptimisticDirectExecution = true,
        });
        var (events, isFirst, left) = (new List<StoredEvent>(), true, CosmosEventStore.NoStream);
        while (pages.HasMoreResults && events.Count < limit)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            foreach (var document in page.Documents)
            {
                var version = document.GetProperty("version"u8).GetInt64();
                if (isFirst && (version > from || ColdMark.IsOn(document)) && await store.FindColdAsync(streamId, cancellationToken) is { } cold)
                {
                    left = cold.LastVersion;
                    events.AddRange(await ReadAsync(cold, from, cancellationToken));
                }

                isFirst = false;
                if (version > left)
                    events.Add(StoredEvent.From(await personal.RevealAsync(document, cancellationToken)));
            }
        }

        if (isFirst && from > 0 && await store.FindColdAsync(streamId, cancellationToken) is { } whole)
            events.AddRange(await ReadAsync(whole, from, cancellationToken));
        return events.Count > limit ? events[..limit] : events;
    }

    /// <summary>A whole stream.</summary>
    public Task<IReadOnlyList<StoredEvent>> ReadAsync(string streamId, CancellationToken cancellationToken) =>
        ReadAsync(streamId, 0, int.MaxValue, cancellationToken);

    /// <summary>One event; null when it is not there.</summary>
    public async Task<StoredEvent?> ReadEventAsync(string streamId, long version, CancellationToken cancellationToken)
    {
        using var document = await database.Events.FindAsync(version.ToString(CultureInfo.InvariantCulture), streamId, cancellationToken);
        if (document is null || ColdMark.IsOn(document.RootElement))
            return (await ReadAsync(streamId, version, 1, cancellationToken)).FirstOrDefault(e => e.Version == version);
        return StoredEvent.From(await personal.RevealAsync(document.RootElement, cancellationToken));
    }

    private async Task<IReadOnlyList<StoredEvent>> ReadAsync(ColdStream stream, long from, CancellationToken cancellationToken)
    {
        if (stream.LastVersion < from)
            return [];
        var events = new List<StoredEvent>();
        foreach (var e in (await store.ReadColdAsync([stream], cancellationToken))[stream.StreamId].Where(e => e.Version >= from))
        {
            using var document = JsonDocument.Parse(EventDocument.Write(e, OrderEvents.Map));
            events.Add(StoredEvent.From(await personal.RevealAsync(document.RootElement, cancellationToken), archived: true));
        }

        return events;
    }
}
