using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Engine;

namespace ChangeFeed.MassTransit.Handling;

/// <summary>What consumers are told of an event beside the event: whether it is new, and what follows it.</summary>
internal sealed class Deliveries(string endpoint, EventTypeMap types, TimeProvider time)
{
    // Clocks of writers may be ahead of this one by so much; and what is older is no news.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);

    public FeedDelivery Of(FeedItem item, RecordedEvent e) => new(endpoint, item.Lease)
    {
        IsFresh = IsFresh(item, e),
        Lsn = NumberOf(item.Document, "_lsn"u8),
        StoredAt = NumberOf(item.Document, "_ts"u8) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
        ReadAhead = item.Next is null ? null : () => [.. ReadAhead(item)],
    };

    private bool IsFresh(FeedItem item, RecordedEvent e) =>
        item.OwnedSince is { } since && item is { PutOff: 0, Holds: 0 }
        && e.Meta.At > since + ClockSkew && time.GetUtcNow() - e.Meta.At < FreshFor;

    private static long? NumberOf(JsonElement document, ReadOnlySpan<byte> name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private IEnumerable<RecordedEvent> ReadAhead(FeedItem item)
    {
        var version = item.Version;
        for (var next = item.Next; next is { Problem: null } && next.Version == ++version; next = next.Next)
        {
            RecordedEvent e;
            try
            {
                e = EventDocument.Read(next.Document, types);
            }
            catch (Exception problem) when (problem is EventDocumentException or UnknownEventException or JsonException)
            {
                yield break; // told when its turn comes
            }

            yield return e;
        }
    }
}
