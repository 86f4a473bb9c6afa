using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Engine;

namespace ChangeFeed.MassTransit.Handling;

/// <summary>What the endpoint has handled in this process and what went wrong, for health, metrics and the heartbeat.</summary>
internal sealed class EndpointStatus(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Stream, long Version), (string Lease, BlockedEvent Event)> _blocked = new();

    private long _handled;

    /// <summary>Events handled since the start.</summary>
    public long HandledCount => Interlocked.Read(ref _handled);

    /// <summary>What went wrong last; null when nothing did.</summary>
    public EndpointError? LastError { get; private set; }

    /// <summary>Events this endpoint cannot get past.</summary>
    public IReadOnlyCollection<BlockedEvent> BlockedOn => [.. _blocked.Values.Select(blocked => blocked.Event)];

    public void Blocked(FeedItem item, HandlingFailure failure) =>
        _blocked.AddOrUpdate(
            (item.Stream, item.Version),
            _ => (item.Lease, new BlockedEvent(item.Stream, item.Version, Short(failure), failure.Attempts, time.GetUtcNow())),
            (_, before) => (before.Lease, before.Event with { Error = Short(failure), Attempts = before.Event.Attempts + failure.Attempts }));

    public void Handled(FeedItem item)
    {
        Interlocked.Increment(ref _handled);
        Unblocked(item);
    }

    /// <summary>Whatever held it up is over.</summary>
    public void Unblocked(FeedItem item)
    {
        if (!_blocked.IsEmpty)
            _blocked.TryRemove((item.Stream, item.Version), out _);
    }

    /// <summary>Something went wrong, with an event or without one. The same again is no news.</summary>
    public void Failed(string message, FeedItem? item = null)
    {
        var error = new EndpointError(time.GetUtcNow(), DeadLetterError.Short(message, DeadLetterError.MaxMessage), item?.Stream, item?.Version);
        if (LastError is not { } last || item is not null || last with { At = error.At } != error)
            LastError = error;
    }

    private static string Short(HandlingFailure failure) => DeadLetterError.Short(failure.Exception.Message, DeadLetterError.MaxMessage);

    /// <summary>The lease went elsewhere, and its troubles with it.</summary>
    public void Forget(string lease)
    {
        foreach (var (key, blocked) in _blocked)
            if (blocked.Lease == lease)
                _blocked.TryRemove(key, out _);
    }
}
