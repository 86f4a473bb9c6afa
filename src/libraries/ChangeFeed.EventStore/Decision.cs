namespace ChangeFeed.EventStore;

/// <summary>What is decided on a stream: the events to append, and what the caller is told.</summary>
/// <typeparam name="TResult">What the caller is told: a result or a refusal.</typeparam>
/// <param name="Result">What the caller is told once the events stand in the stream.</param>
/// <param name="Events">Registered events, at most <see cref="CosmosEventStore.MaxEventsPerAppend"/>; none when nothing is to be appended.</param>
public sealed record Decision<TResult>(TResult Result, params IReadOnlyList<object> Events);

/// <summary>What came of a decision.</summary>
/// <typeparam name="TResult">What the caller is told: a result or a refusal.</typeparam>
/// <param name="Result">The result of the decision that stands.</param>
/// <param name="Events">The events it appended; empty when it appended nothing.</param>
public sealed record Decided<TResult>(TResult Result, IReadOnlyList<RecordedEvent> Events);

/// <summary>A state, and the version of the stream it was read at.</summary>
/// <typeparam name="TState">What a decision is made on.</typeparam>
/// <param name="State">What the decision is made on.</param>
/// <param name="Version">Version of the last event in it; <see cref="CosmosEventStore.NoStream"/> when there is none.</param>
public readonly record struct StreamState<TState>(TState State, long Version);
