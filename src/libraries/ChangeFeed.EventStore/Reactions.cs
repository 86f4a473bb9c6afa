
namespace ChangeFeed.EventStore;

/// <summary>
/// Decides what follows, from the stream as it stands. Called again, with the longer stream, when another writer was faster: whatever
/// it does to the outside must carry an idempotency key.
/// </summary>
public delegate ValueTask<IReadOnlyList<object>> Decide(IReadOnlyList<RecordedEvent> stream, CancellationToken cancellationToken);

/// <summary>What became of a reaction.</summary>
/// <param name="Events">The events that stand in the stream because of it; empty when it decided on nothing.</param>
/// <param name="AlreadyDone">True when an earlier delivery of the same cause had appended them.</param>
public sealed record Reaction(IReadOnlyList<RecordedEvent> Events, bool AlreadyDone);

/// <summary>Appending the next event because of the one being handled, exactly once.</summary>
public static class Reactions
{
    /// <summary>Tries against other writers of one stream before giving up; a stream has a handful of writers.</summary>
    public const int MaxAttempts = 20;

    /// <summary>
    /// Appends what <paramref name="decide"/> makes of the stream. Redelivery, a crash between append and checkpoint, and two
    /// instances during a rebalance all end in one effect: the append is conditional on the version decided upon, and what already
    /// stands there from the same cause and service is found and returned.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="cause">The event being handled.</param>
    /// <param name="by">The service that reacts.</param>
    /// <param name="decide">The decision.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StaleReadException">The replica that was read does not have the cause yet; try again.</exception>
    /// <exception cref="WrongExpectedVersionException">Lost against other writers <see cref="MaxAttempts"/> times; try again.</exception>
    public static async Task<Reaction> ReactAsync(
        this CosmosEventStore store, RecordedEvent cause, string by, Decide decide, CancellationToken cancellationToken = default)
    {
        // The first event of a stream is the whole stream as far as its handler knows; assuming so saves the read, and the
        // conditional append finds out where it was wrong.
        var stream = cause.Version == 0 ? [cause] : await ReadPastAsync(store, cause, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var done = stream.Where(e => e.Meta.CausationId == cause.Meta.EventId && e.Meta.By == by).ToList();
            if (done.Count > 0)
                return new Reaction(done, AlreadyDone: true);

            var decided = await decide(stream, cancellationToken);
            if (decided.Count == 0)
                return new Reaction([], AlreadyDone: false);

            try
            {
                var appended = await store.AppendAsync(
                    cause.StreamId, stream[^1].Version, decided, new AppendContext(by, cause), cancellationToken);
                return new Reaction(appended, AlreadyDone: false);
            }
            catch (WrongExpectedVersionException) when (attempt < MaxAttempts)
            {
                stream = await ReadPastAsync(store, cause, cancellationToken);
            }
        }
    }

    // With session consistency the feed can be ahead of the replica another client reads from.
    private static async Task<IReadOnlyList<RecordedEvent>> ReadPastAsync(
        CosmosEventStore store, RecordedEvent cause, CancellationToken cancellationToken)
    {
        var stream = await store.ReadStreamAsync(cause.StreamId, cancellationToken);
        return stream.Count > cause.Version ? stream : throw new StaleReadException(cause.StreamId, cause.Version);
    }
}
