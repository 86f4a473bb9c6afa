using System.Text.Json.Serialization.Metadata;

namespace ChangeFeed.EventStore.Snapshots;

/// <summary>What snapshots are of: a state, and how events make it.</summary>
/// <typeparam name="TState">The state.</typeparam>
/// <param name="Name">Its name, which is the id of its snapshots; different for each kind of state of a stream.</param>
/// <param name="Schema">Which fold and shape it is: snapshots of another are made anew. Raise it with every change of either.</param>
/// <param name="Initial">The state before the first event.</param>
/// <param name="Fold">The state after one more event.</param>
/// <param name="Json">How it is written.</param>
public sealed record SnapshotForm<TState>(
    string Name, int Schema, TState Initial, Func<TState, RecordedEvent, TState> Fold, JsonTypeInfo<TState> Json)
{
    /// <summary>A snapshot is taken where so many events came since the last one.</summary>
    public const int DefaultInterval = 20;

    /// <summary>A snapshot is taken where so many events came since the last one; shorter streams have none.</summary>
    public int Interval { get; init; } = DefaultInterval;

    /// <summary>The state after some events.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="events">The events, in order.</param>
    public TState After(TState state, IEnumerable<RecordedEvent> events) => events.Aggregate(state, Fold);
}
