namespace ChangeFeed.EventStore;

/// <summary>Reads a stream, decides on it, appends what was decided, and begins again when another writer was faster.</summary>
public static class Decider
{
    /// <summary>Tries against other writers of one stream before giving up; a stream has a handful of writers.</summary>
    public const int MaxAttempts = 20;

    /// <summary>Decides on a whole stream.</summary>
    /// <typeparam name="TResult">What the caller is told: a result or a refusal.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="streamId">The stream; it need not exist yet.</param>
    /// <param name="decide">The decision. Called again with the longer stream when another writer was faster, so it must change nothing outside.</param>
    /// <param name="context">Who decides.</param>
    /// <param name="cancellationToken">Ends the wait; the append may still have happened.</param>
    /// <exception cref="WrongExpectedVersionException">Lost against other writers <see cref="MaxAttempts"/> times; try again.</exception>
    public static Task<Decided<TResult>> DecideAsync<TResult>(
        this CosmosEventStore store,
        string streamId,
        Func<IReadOnlyList<RecordedEvent>, Decision<TResult>> decide,
        AppendContext context,
        CancellationToken cancellationToken = default) =>
        store.DecideAsync(
            streamId, (_, token) => store.ReadStateAsync(streamId, token), (stream, _) => ValueTask.FromResult(decide(stream)), context, cancellationToken);

    /// <summary>Decides on whatever is read of a stream.</summary>
    /// <typeparam name="TState">What the decision is made on.</typeparam>
    /// <typeparam name="TResult">What the caller is told: a result or a refusal.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="streamId">The stream; it need not exist yet.</param>
    /// <param name="read">Reads the state; is given the number of the attempt, from 1.</param>
    /// <param name="decide">
    /// The decision. Called again with a newer state when another writer was faster: whatever it does outside must carry an idempotency key.
    /// </param>
    /// <param name="context">Who decides, and because of what.</param>
    /// <param name="cancellationToken">Ends the wait; the append may still have happened.</param>
    /// <exception cref="WrongExpectedVersionException">Lost against other writers <see cref="MaxAttempts"/> times; try again.</exception>
    public static async Task<Decided<TResult>> DecideAsync<TState, TResult>(
        this CosmosEventStore store,
        string streamId,
        Func<int, CancellationToken, ValueTask<StreamState<TState>>> read,
        Func<TState, CancellationToken, ValueTask<Decision<TResult>>> decide,
        AppendContext context,
        CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (state, version) = await read(attempt, cancellationToken);
            var decision = await decide(state, cancellationToken);
            if (decision.Events.Count == 0)
                return new Decided<TResult>(decision.Result, []);
            try
            {
                return new Decided<TResult>(
                    decision.Result, await store.AppendAsync(streamId, version, decision.Events, context, cancellationToken));
            }
            catch (WrongExpectedVersionException) when (attempt < MaxAttempts)
            {
                // Another writer was faster: read what it did and decide again.
            }
        }
    }

    internal static async ValueTask<StreamState<IReadOnlyList<RecordedEvent>>> ReadStateAsync(
        this CosmosEventStore store, string streamId, CancellationToken cancellationToken)
    {
        var stream = await store.ReadStreamAsync(streamId, cancellationToken);
        return new(stream, stream.Count == 0 ? CosmosEventStore.NoStream : stream[^1].Version);
    }
}
