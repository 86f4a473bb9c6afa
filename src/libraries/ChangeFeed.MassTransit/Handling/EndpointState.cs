using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Engine;

namespace ChangeFeed.MassTransit.Handling;

/// <summary>An event its endpoint cannot get past.</summary>
internal sealed record BlockedEvent(string Lease, string StreamId, long Version, string Error, int Attempts, DateTimeOffset Since);

/// <summary>What an endpoint of this instance is doing, for health and metrics.</summary>
internal sealed class EndpointState(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Stream, long Version), BlockedEvent> _blocked = new();

    private long _handled;

    /// <summary>Events handled since the start.</summary>
    public long HandledCount => Interlocked.Read(ref _handled);

    /// <summary>What went wrong last; null when nothing did.</summary>
    public EndpointError? LastError { get; private set; }

    /// <summary>Events this endpoint cannot get past.</summary>
    public ICollection<BlockedEvent> BlockedOn => _blocked.Values;

    public void Blocked(FeedItem item, HandlingFailure failure) =>
        _blocked.AddOrUpdate(
            (item.Stream, item.Version),
            _ => new BlockedEvent(item.Lease, item.Stream, item.Version, failure.Exception.Message, failure.Attempts, time.GetUtcNow()),
            (_, before) => before with { Error = failure.Exception.Message, Attempts = before.Attempts + failure.Attempts });

    public void Handled(FeedItem item)
    {
        Interlocked.Increment(ref _handled);
        if (!_blocked.IsEmpty)
            _blocked.TryRemove((item.Stream, item.Version), out _);
    }

    /// <summary>Something went wrong, with an event or without one. The same again is no news.</summary>
    public void Failed(string message, FeedItem? item = null)
    {
        var error = new EndpointError(time.GetUtcNow(), message, item?.Stream, item?.Version);
        if (LastError is not { } last || item is not null || last with { At = error.At } != error)
            LastError = error;
    }

    /// <summary>The lease went elsewhere, and its troubles with it.</summary>
    public void Forget(string lease)
    {
        foreach (var (key, blocked) in _blocked)
            if (blocked.Lease == lease)
                _blocked.TryRemove(key, out _);
    }
}
