using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Health;

/// <summary>
/// Writes where others can read it how an endpoint of this instance stands: when that changed, and once a minute when nothing did, for
/// about 0.2 request units a second.
/// </summary>
internal sealed class HeartbeatWriter(string endpoint, EndpointEngine engine, EndpointGate gate, EndpointStatus state, Container container, TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private const int MaxBlocked = 100; // those that are blocked longest

    private readonly PartitionKey _key = new(endpoint);
    private readonly string _id = $"instance.{ServiceInstance.Name}.{Guid.NewGuid():N}"; // one process may host an endpoint more than once
    private EndpointHeartbeat? _written;
    private (long Handled, long At) _before;

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var now = Snapshot();
        if (now.SaysTheSameAs(_written) && now.At - _written!.At < Quiet)
            return;
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(now, HeartbeatJson.Default.EndpointHeartbeat), writable: false);
        using var response = await container.UpsertItemStreamAsync(
            body, _key, new ItemRequestOptions { EnableContentResponseOnWrite = false }, cancellationToken);
        response.EnsureSuccessStatusCode();
        _written = now;
    }

    /// <summary>Says that this instance is not there any more. Should that fail, the others find out when it is silent.</summary>
    public async Task EndAsync()
    {
        if (_written is null)
            return;
        _written = null;
        using var deadline = new CancellationTokenSource(Farewell, time);
        try
        {
            using var response = await container.DeleteItemStreamAsync(_id, _key, cancellationToken: deadline.Token);
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException or OperationCanceledException)
        {
            // It is stopping, and there is nobody left to try again.
        }
    }

    private EndpointHeartbeat Snapshot()
    {
        foreach (var (lease, error) in engine.Errors)
            state.Failed($"Reading partition {lease} fails: {error.Message}");
        var (handled, at) = (state.HandledCount, time.GetTimestamp());
        var seconds = _before.At == 0 ? 0 : time.GetElapsedTime(_before.At, at).TotalSeconds;
        var rate = seconds > 0 ? Math.Round((handled - _before.Handled) / seconds, 2) : 0;
        _before = (handled, at);
        var sessions = engine.Sessions;
        return new EndpointHeartbeat
        {
            Id = _id,
            Endpoint = endpoint,
            Instance = ServiceInstance.Name,
            At = time.GetUtcNow(),
            Partitions = [.. sessions.Select(session => session.Lease).Order(StringComparer.Ordinal)],
            InFlight = sessions.Sum(session => session.InFlight),
            Oldest = sessions.Min(session => session.OldestUnfinished),
            Handled = handled,
            Rate = rate,
            Paused = gate.PausedBy is not null,
            KillSwitch = gate.State == KillSwitchState.Closed ? null : gate.Cause ?? gate.State.ToString(),
            Blocked = [.. state.BlockedOn.OrderBy(blocked => blocked.Since).Take(MaxBlocked)],
            LastError = state.LastError,
        };
    }
}
