using System.Globalization;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Hosting;
using Orders.PersonalData;

namespace Orders.CustomerCare.Events;

/// <summary>Reads streams as they are stored, their personal data opened.</summary>
internal sealed class StoredEvents(OrdersDatabase database, PersonalDataProtector personal)
{
    /// <summary>Most events read at once; an order has a handful.</summary>
    public const int MaxEvents = 1000;

    /// <summary>Events of a stream in order; empty when there is none. One partition, about three request units a hundred events.</summary>
    public async Task<IReadOnlyList<StoredEvent>> ReadAsync(string streamId, long from, int limit, CancellationToken cancellationToken)
    {
        var query = new QueryDefinition("SELECT * FROM c WHERE c.version >= @from ORDER BY c.version").WithParameter("@from", from);
        using var pages = database.Events.GetItemQueryStreamIterator(query, requestOptions: new QueryRequestOptions
        {
            PartitionKey = new PartitionKey(streamId),
            MaxItemCount = limit,
            EnableOptimisticDirectExecution = true,
        });
        var events = new List<StoredEvent>();
        while (pages.HasMoreResults && events.Count < limit)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            foreach (var document in page.Documents.Take(limit - events.Count))
                events.Add(StoredEvent.From(await personal.RevealAsync(document, cancellationToken)));
        }

        return events;
    }

    /// <summary>A whole stream.</summary>
    public Task<IReadOnlyList<StoredEvent>> ReadAsync(string streamId, CancellationToken cancellationToken) =>
        ReadAsync(streamId, 0, int.MaxValue, cancellationToken);

    /// <summary>One event; null when it is not there.</summary>
    public async Task<StoredEvent?> ReadEventAsync(string streamId, long version, CancellationToken cancellationToken)
    {
        using var document = await database.Events.FindAsync(version.ToString(CultureInfo.InvariantCulture), streamId, cancellationToken);
        return document is null ? null : StoredEvent.From(await personal.RevealAsync(document.RootElement, cancellationToken));
    }
}
