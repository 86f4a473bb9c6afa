using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;

namespace ChangeFeed.MassTransit.DeadLetters;

/// <summary>
/// Parks streams. Which ones are parked is known in memory, so an ordinary event costs no request: read when a partition is taken over,
/// and kept since then, because only the owner of a partition parks and frees its streams. Should two instances take themselves for the
/// owner for a moment, the store decides: every step is conditional on the state of the stream.
/// </summary>
internal sealed class Parking(string endpoint, IDeadLetterStore store, ChangeFeedOptions options, TimeProvider time) : IParking
{
    private readonly ConcurrentDictionary<string, bool> _parked = new(StringComparer.Ordinal);

    /// <summary>Seconds that what is settled is kept.</summary>
    public int SettledTtl => (int)options.KeepSettled.TotalSeconds;

    /// <summary>Streams known here to be parked.</summary>
    public int Count => _parked.Count;

    public bool IsParked(string stream) => _parked.ContainsKey(stream);

    public async Task PrepareAsync(string lease, CancellationToken cancellationToken)
    {
        foreach (var stream in await store.ParkedStreamsAsync(cancellationToken))
            _parked[stream] = true;
    }

    public async Task<bool> TryQueueAsync(FeedItem item, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stream = await store.ReadStreamAsync(item.Stream, cancellationToken);
            if (stream is not { Status: ParkedStreamStatus.Parked })
            {
                _parked.TryRemove(item.Stream, out _);
                return false;
            }

            var longer = stream with { Waiting = stream.Waiting + 1 };
            var added = await store.AddLetterAsync(Letter(item, DeadLetterStatus.Waiting, null), longer, cancellationToken);
            if (added == AddLetterResult.Added || (added == AddLetterResult.AlreadyThere && await WaitsAgainAsync(item, null, longer, cancellationToken)))
                return true;
        }
    }

    public async Task ParkAsync(FeedItem item, HandlingFailure failure, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await store.ReadStreamAsync(item.Stream, cancellationToken);
            var wasParked = before is { Status: ParkedStreamStatus.Parked };
            if (!wasParked && _parked.Count >= options.MaxParkedStreams)
                throw new InvalidOperationException(
                    $"{endpoint} has {_parked.Count} parked streams, as many as {ChangeFeedOptions.SectionName}:{nameof(options.MaxParkedStreams)} allows. "
                    + "Replay or discard some.");
            var stream = wasParked ? before! with { Waiting = before.Waiting + 1 } : Parked(item, failure, before);
            switch (await store.AddLetterAsync(Letter(item, DeadLetterStatus.Waiting, failure), stream, cancellationToken))
            {
                case AddLetterResult.Added:
                    _parked[item.Stream] = true;
                    return;
                case AddLetterResult.AlreadyThere when await WaitsAgainAsync(item, failure, stream, cancellationToken):
                    // When it was given up meanwhile, that stands; else it waits in a parked stream.
                    if (wasParked || (await store.ReadStreamAsync(item.Stream, cancellationToken))?.Status == ParkedStreamStatus.Parked)
                        _parked[item.Stream] = true;
                    return;
            }
        }
    }

    /// <summary>
    /// It was put aside before, and has come again. If it waits, or was given up, it stays so. If it was replayed, the endpoint was moved back to before it:
    /// it waits once more, in its place.
    /// </summary>
    /// <returns>False when another has changed the letter or the stream: look again.</returns>
    private async Task<bool> WaitsAgainAsync(FeedItem item, HandlingFailure? failure, ParkedStream parked, CancellationToken cancellationToken)
    {
        if (await store.ReadLetterAsync(item.Stream, item.Version, cancellationToken) is not { } letter)
            return false;
        if (letter.Status != DeadLetterStatus.Replayed)
            return true;
        var again = Letter(item, DeadLetterStatus.Waiting, failure) with
        {
            Attempts = letter.Attempts + (failure?.Attempts ?? 0),
            Corrections = letter.Corrections,
            ETag = letter.ETag,
        };
        return await store.TryReplaceAsync(again, parked, cancellationToken);
    }

    public Task SkipAsync(FeedItem item, HandlingFailure failure, CancellationToken cancellationToken) =>
        store.AddLetterAsync(Letter(item, DeadLetterStatus.Skipped, failure), null, cancellationToken);

    /// <summary>
    /// Another instance parked it, or had. Should it be free by now, the next event of the stream finds out; the other way round the news
    /// could be older than the stream's parking here, and let an event overtake the waiting ones.
    /// </summary>
    public void NoteParked(string stream) => _parked[stream] = true;

    /// <summary>It was freed, in its own lane.</summary>
    public void Free(string stream) => _parked.TryRemove(stream, out _);

    private ParkedStream Parked(FeedItem item, HandlingFailure failure, ParkedStream? before) => new()
    {
        Id = DeadLetterId.Stream(item.Stream),
        Endpoint = endpoint,
        StreamId = item.Stream,
        Status = ParkedStreamStatus.Parked,
        Version = item.Version,
        Waiting = 1,
        Error = DeadLetterError.Short(failure.Exception.Message, DeadLetterError.MaxMessage),
        ErrorType = failure.Exception.GetType().FullName,
        EventType = item.Header?.Type,
        ParkedAt = time.GetUtcNow(),
        ETag = before?.ETag,
    };

    private DeadLetter Letter(FeedItem item, DeadLetterStatus status, HandlingFailure? failure)
    {
        var now = time.GetUtcNow();
        return new DeadLetter
        {
            Id = DeadLetterId.Letter(item.Stream, item.Version),
            Endpoint = endpoint,
            StreamId = item.Stream,
            Version = item.Version,
            Type = item.Header?.Type,
            Document = item.Document,
            Status = status,
            Error = failure is null ? null : DeadLetterError.From(failure.Exception),
            Attempts = failure?.Attempts ?? 0,
            At = now,
            FailedAt = failure is null ? null : now,
            SettledAt = status == DeadLetterStatus.Waiting ? null : now,
            Ttl = status == DeadLetterStatus.Waiting ? null : SettledTtl,
        };
    }
}
