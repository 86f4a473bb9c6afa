using System.Collections.Concurrent;
using ChangeFeed.EventStore;
using MassTransit;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>What the consumers of a test saw, in order.</summary>
internal sealed class Seen
{
    public ConcurrentQueue<RecordedEvent> Events { get; } = new();

    public ConcurrentQueue<System.Diagnostics.Activity?> Activities { get; } = new();

    /// <summary>Runs before an event counts as seen; may throw or wait.</summary>
    public Func<RecordedEvent, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public bool Has(string stream, long version) => Events.Any(e => e.StreamId == stream && e.Version == version);

    public IEnumerable<long> VersionsOf(string stream) => Events.Where(e => e.StreamId == stream).Select(e => e.Version);
}

internal sealed class SeenConsumer(Seen seen) : IConsumer<RecordedEvent>
{
    public async Task Consume(ConsumeContext<RecordedEvent> context)
    {
        await seen.Before(context.Message, context.CancellationToken);
        seen.Activities.Enqueue(System.Diagnostics.Activity.Current);
        seen.Events.Enqueue(context.Message);
    }
}
