using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.Testing;

/// <summary>What a service decides on one event; null for events it does not handle.</summary>
public delegate ValueTask<IReadOnlyList<object>>? Handle(RecordedEvent cause, IReadOnlyList<RecordedEvent> stream);

/// <summary>
/// One endpoint on the feed of one stream, reduced to what the guarantees allow: it handles events in order, goes on after the
/// checkpoint when it is started again, and an instance that lost its lease still finishes the event it is handling.
/// </summary>
public sealed class FeedModel(OrderStream stream, string service, int checkpoint)
{
    private int _owner;

    public int Checkpoint { get; private set; } = checkpoint;

    /// <summary>An instance that takes over the lease and handles what there is.</summary>
    public Func<Func<Task>, Task> Instance(Handle handle)
    {
        var me = ++_owner;
        return async step =>
        {
            for (var next = Checkpoint; next < stream.Events.Count; next++)
            {
                await ReactAsync(stream.Events[next], handle, step);
                await step();
                if (_owner != me)
                    return;
                Checkpoint = next + 1;
            }
        };
    }

    /// <summary>Handles everything that is left, undisturbed.</summary>
    public void Drain(Handle handle)
    {
        var rest = Instance(handle)(() => Task.CompletedTask);
        rest.IsCompleted.ShouldBeTrue();
        rest.GetAwaiter().GetResult();
    }

    private async Task ReactAsync(RecordedEvent cause, Handle handle, Func<Task> step)
    {
        for (; ; )
        {
            await step();
            var read = stream.Events.ToList();
            if (read.Any(e => e.Meta.CausationId == cause.Meta.EventId && e.Meta.By == service))
                return;
            await step();
            if (handle(cause, read) is not { } decision)
                return;
            var decided = await decision;
            if (decided.Count == 0)
                return;
            await step();
            if (stream.Events.Count != read.Count)
                continue;
            stream.Append(decided.ShouldHaveSingleItem(), cause, service);
            return;
        }
    }
}
