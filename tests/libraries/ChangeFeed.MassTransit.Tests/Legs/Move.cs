using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Tests.Legs;

/// <summary>
/// A container of events and another one, with another partition key in another account, to which it moves and from which it comes back. What is written on
/// the one is carried to the other, in the order of its stream and behind what was carried before, as a migration does.
/// </summary>
internal sealed class Move(Container here, Container there)
{
    private const string CarriedIn = "carriedIn";

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, int> _versions = [];
    private readonly ConcurrentQueue<(string Stream, int Version, long Turn)> _written = new();
    private readonly Queue<JsonObject> _toCarry = new();
    private readonly DateTimeOffset[] _since = new DateTimeOffset[2];

    /// <summary>The container it moves to.</summary>
    public Container There => there;

    public long Turn { get; private set; } = 1;

    /// <summary>All that was written, in order, and the turn it was written in.</summary>
    public IReadOnlyCollection<(string Stream, int Version, long Turn)> Written => _written;

    public IEnumerable<string> Streams => _versions.Keys;

    /// <summary>The route as it is, for a process with clients of its own.</summary>
    public FeedRoute RouteOf(CosmosClient one, CosmosClient other)
    {
        var legs = new[] { Leg("", In(one, here), _since[0]), Leg("other", In(other, there), _since[1]) };
        return new FeedRoute("move", Turn, legs[(int)(Turn + 1) % 2], Turn == 1 ? null : legs[(int)Turn % 2]);

        static Container In(CosmosClient client, Container container) => client.GetContainer(container.Database.Id, container.Id);
        static FeedLeg Leg(string name, Container container, DateTimeOffset since) => new(name, container)
        {
            Since = since == default ? null : since,
            CarriedIn = document => document.TryGetProperty(CarriedIn, out var turn) ? turn.GetInt64() : null,
        };
    }

    /// <summary>Appends the next event to each of some streams.</summary>
    public async Task WriteAsync(params IEnumerable<string> streams)
    {
        foreach (var stream in streams)
        {
            await _gate.WaitAsync(Stop);
            try
            {
                var version = _versions.GetValueOrDefault(stream);
                var json = JsonNode.Parse(EventDocument.Write(TestEvents.Record(stream, version, new ThingHappened(version)), TestEvents.Map))!.AsObject();
                json["tenant"] = stream[^1..];
                await PutAsync(Turn, json);
                _versions[stream] = version + 1;
                _written.Enqueue((stream, version, Turn));
                _toCarry.Enqueue(json);
                if (_toCarry.Count > 20)
                    await CarryAsync(10);
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    /// <summary>Lets the other container serve, once everything is there.</summary>
    public async Task SwitchAsync()
    {
        await _gate.WaitAsync(Stop);
        try
        {
            await CarryAsync(int.MaxValue);
            Turn++;
            _since[(Turn + 1) % 2] = DateTimeOffset.UtcNow;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task CarryAsync(int most)
    {
        for (; most > 0 && _toCarry.TryDequeue(out var json); most--)
        {
            json[CarriedIn] = Turn;
            await PutAsync(Turn + 1, json);
        }
    }

    private async Task PutAsync(long turn, JsonObject json)
    {
        var (stream, tenant) = ((string)json["streamId"]!, (string)json["tenant"]!);
        var (container, key) = turn % 2 == 1
            ? (here, new PartitionKey(stream))
            : (there, new PartitionKeyBuilder().Add(tenant).Add(stream).Build());
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(json));
        using var response = await container.CreateItemStreamAsync(body, key, cancellationToken: Stop);
        response.EnsureSuccessStatusCode();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}

/// <summary>What one process knows of a move: what it was told, and when.</summary>
internal sealed class KnownRoute(Move move, CosmosClient one, CosmosClient other) : IFeedRoute
{
    private readonly Lock _lock = new();
    private FeedRoute _known = move.RouteOf(one, other);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<FeedRoute> GetAsync(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_known.Turn > after)
                    return _known;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Learns how it is.</summary>
    public void Learn(Func<FeedRoute, FeedRoute>? change = null)
    {
        lock (_lock)
        {
            _known = (change ?? (route => route))(move.RouteOf(one, other));
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
