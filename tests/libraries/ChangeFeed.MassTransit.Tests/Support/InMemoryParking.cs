using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;

namespace ChangeFeed.MassTransit.Tests.Support;

/// <summary>Keeps failed events in memory.</summary>
internal sealed class InMemoryParking : IParking
{
    private readonly ConcurrentDictionary<string, bool> _parked = new();

    public ConcurrentQueue<(string Stream, long Version, string? Error, int Attempts)> Letters { get; } = new();

    public int Count => _parked.Count;

    public Task PrepareAsync(string lease, CancellationToken cancellationToken) => Task.CompletedTask;

    public bool IsParked(string stream) => _parked.ContainsKey(stream);

    public Task<bool> TryQueueAsync(FeedItem item, CancellationToken cancellationToken)
    {
        Letters.Enqueue((item.Stream, item.Version, null, 0));
        return Task.FromResult(true);
    }

    public Task ParkAsync(FeedItem item, HandlingFailure failure, CancellationToken cancellationToken)
    {
        _parked[item.Stream] = true;
        return SkipAsync(item, failure, cancellationToken);
    }

    public Task SkipAsync(FeedItem item, HandlingFailure failure, CancellationToken cancellationToken)
    {
        Letters.Enqueue((item.Stream, item.Version, failure.Exception.Message, failure.Attempts));
        return Task.CompletedTask;
    }
}
