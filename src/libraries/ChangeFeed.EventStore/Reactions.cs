using ChangeFeed.EventStore.Snapshots;

namespace ChangeFeed.EventStore;

/// <summary>
/// Decides what follows, from the stream as it stands. Called again, with the longer stream, when another writer was faster: whatever
/// it does to the outside must carry an idempotency key.
/// </summary>
/// <param name="stream">The events of the stream, the one being handled among them.</param>
/// <param name="cancellationToken">Ends the wait.</param>
/// <returns>The events that follow; none when nothing does.</returns>
public delegate ValueTask<IReadOnlyList<object>> Decide(IReadOnlyList<RecordedEvent> stream, CancellationToken cancellationToken);

/// <summary>What became of a reaction.</summary>
/// <param name="Events">The events that stand in the stream because of it; empty when it decided on nothing.</param>
/// <param name="AlreadyDone">True when an earlier delivery of the same cause had appended them.</param>
public sealed record Reaction(IReadOnlyList<RecordedEvent> Events, bool AlreadyDone);

/// <summary>Appending the next event because of the one being handled, exactly once.</summary>
public static class Reactions
{
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
    /// <exception cref="WrongExpectedVersionException">Lost against other writers <see cref="Decider.MaxAttempts"/> times; try again.</exception>
    public static Task<Reaction> ReactAsync(
        this CosmosEventStore store, RecordedEvent cause, string by, Decide decide, CancellationToken cancellationToken) =>
        store.ReactAsync(cause, by, decide, null, cancellationToken);

    /// <summary>
    /// The same, deciding first on what is known of the stream without reading it. When that is behind, the append is refused, and the stream is
    /// read: what the decision did outside is then done once more, under the same key. So only for a cause that was not delivered before, as far
    /// as one can tell.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="cause">The event being handled.</param>
    /// <param name="by">The service that reacts.</param>
    /// <param name="decide">The decision.</param>
    /// <param name="recent">The streams that are known; null to read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StaleReadException">The replica that was read does not have the cause yet; try again.</exception>
    /// <exception cref="WrongExpectedVersionException">Lost against other writers <see cref="Decider.MaxAttempts"/> times; try again.</exception>
    public static Task<Reaction> ReactAsync(
        this CosmosEventStore store, RecordedEvent cause, string by, Decide decide, RecentStreams? recent, CancellationToken cancellationToken) =>
        store.ReactAsync(
            cause, by, stream => stream, token => ReadStreamAsync(store, cause, token), (stream, token) => decide(stream, token), recent, cancellationToken);

    /// <summary>
    /// The same, deciding on a state of the stream. However long the stream is, what is read of it is its snapshot and what came since.
    /// </summary>
    /// <typeparam name="TState">What is decided on.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="cause">The event being handled.</param>
    /// <param name="by">The service that reacts.</param>
    /// <param name="snapshots">The state, and where snapshots of it are.</param>
    /// <param name="decide">
    /// The decision: the events that follow, none when nothing does. Called again, with a newer state, when another writer was faster.
    /// </param>
    /// <param name="recent">The streams that are known; null to read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StaleReadException">The replica that was read does not have the cause yet; try again.</exception>
    /// <exception cref="WrongExpectedVersionException">Lost against other writers <see cref="Decider.MaxAttempts"/> times; try again.</exception>
    public static Task<Reaction> ReactAsync<TState>(
        this CosmosEventStore store,
        RecordedEvent cause,
        string by,
        StreamSnapshots<TState> snapshots,
        Func<TState, CancellationToken, ValueTask<IReadOnlyList<object>>> decide,
        RecentStreams? recent,
        CancellationToken cancellationToken) =>
        store.ReactAsync(
            cause, by, stream => snapshots.Form.After(snapshots.Form.Initial, stream), token => snapshots.ReadAsync(store, cause, token), decide, recent,
            cancellationToken);

    private static async Task<(IReadOnlyList<RecordedEvent> State, long Version, IReadOnlyList<RecordedEvent> Events)> ReadStreamAsync(
        CosmosEventStore store, RecordedEvent cause, CancellationToken cancellationToken)
    {
        var (stream, version) = await store.ReadStateAsync(cause.StreamId, cancellationToken);
        return (stream, version, stream);
    }

    /// <param name="store">The store.</param>
    /// <param name="cause">The event being handled.</param>
    /// <param name="by">The service that reacts.</param>
    /// <param name="fold">Makes the state of all events that are known of the stream.</param>
    /// <param name="readState">Reads the state, its version, and at least the events after the cause.</param>
    /// <param name="decide">The decision.</param>
    /// <param name="recent">The streams that are known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private static async Task<Reaction> ReactAsync<TState>(
        this CosmosEventStore store,
        RecordedEvent cause,
        string by,
        Func<IReadOnlyList<RecordedEvent>, TState> fold,
        Func<CancellationToken, Task<(TState State, long Version, IReadOnlyList<RecordedEvent> Events)>> readState,
        Func<TState, CancellationToken, ValueTask<IReadOnlyList<object>>> decide,
        RecentStreams? recent,
        CancellationToken cancellationToken)
    {
        var isAssumed = false;
        try
        {
            var reaction = await OnceAsync(mayAssume: true);
            // An append finds out that the stream had gone on. Nothing is appended here, so it is read: what the reaction owes may have come since.
            return isAssumed && reaction.Events.Count == 0 ? await OnceAsync(mayAssume: false) : reaction;
        }
        catch
        {
            recent?.Forget(cause.StreamId); // what this attempt did is to be seen by the next one
            throw;
        }

        async Task<Reaction> OnceAsync(bool mayAssume)
        {
            var decided = await store.DecideAsync(
                cause.StreamId, (attempt, token) => ReadAsync(mayAssume && attempt == 1, token), DecideOnceAsync, new AppendContext(by, cause),
                cancellationToken);
            return decided.Result ?? new Reaction(decided.Events, AlreadyDone: false);
        }

        async ValueTask<StreamState<(TState State, IReadOnlyList<RecordedEvent> Events)>> ReadAsync(bool mayAssume, CancellationToken token)
        {
            // The first event of a stream is the whole stream as far as its handler knows; assuming so saves the read, and the
            // conditional append finds out where it was wrong.
            var assumed = !mayAssume ? null : cause.Version == 0 ? [cause] : recent?.Find(cause.StreamId, cause.Version);
            isAssumed = assumed is not null;
            if (assumed is not null)
                return new((fold(assumed), assumed), assumed[^1].Version);
            recent?.Forget(cause.StreamId);
            var (state, version, events) = await readState(token);
            // With session consistency the feed can be ahead of the replica another client reads from.
            return version >= cause.Version ? new((state, events), version) : throw new StaleReadException(cause.StreamId, cause.Version);
        }

        async ValueTask<Decision<Reaction?>> DecideOnceAsync((TState State, IReadOnlyList<RecordedEvent> Events) stream, CancellationToken token)
        {
            var done = stream.Events.Where(e => e.Meta.CausationId == cause.Meta.EventId && e.Meta.By == by).ToList();
            return done.Count > 0
                ? new Decision<Reaction?>(new Reaction(done, AlreadyDone: true))
                : new Decision<Reaction?>(null, await decide(stream.State, token));
        }
    }
}
