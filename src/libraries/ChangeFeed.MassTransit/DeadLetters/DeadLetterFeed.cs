using System.Collections.Concurrent;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.DeadLetters;

/// <summary>
/// The changes of the dead-letter container from now on, read for all endpoints of this process at once: one request unit when there are none. Those of
/// the endpoints of other processes come along, and are few.
/// </summary>
internal sealed class DeadLetterFeed(Container container, TimeSpan maxAge, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JsonElement>> _unread = new(StringComparer.Ordinal);
    private readonly SharedRead<string> _read = new(maxAge, time);
    private string? _position;

    /// <summary>Has the changes of an endpoint kept from here on, those of an earlier call not any more.</summary>
    /// <returns>What changed since it was last asked; the first time it only sees to it that the place is noted.</returns>
    public Func<CancellationToken, Task<IReadOnlyList<JsonElement>>> Follow(string endpoint)
    {
        var unread = _unread[endpoint] = new ConcurrentQueue<JsonElement>();
        return async cancellationToken =>
        {
            await _read.GetAsync(ReadAsync, cancellationToken);
            var changes = new List<JsonElement>();
            while (unread.TryDequeue(out var change))
                changes.Add(change);
            return changes;
        };
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var changes = new List<JsonElement>();
        var from = _position is null ? ChangeFeedStartFrom.Now() : ChangeFeedStartFrom.ContinuationToken(_position);
        string? end = null;
        var pages = container.ReadFeedToEndAsync(from, _position, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions(), cancellationToken);
        await foreach (var page in pages)
        {
            changes.AddRange(page.Documents.Select(document => document.Clone()));
            end = page.Continuation;
        }

        // After the end, so that what could not be read to it is read again, and is there once.
        foreach (var change in changes)
            if (change.TryGetProperty("endpoint"u8, out var endpoint) && _unread.TryGetValue(endpoint.GetString() ?? "", out var unread))
                unread.Enqueue(change);
        return _position = end;
    }
}
