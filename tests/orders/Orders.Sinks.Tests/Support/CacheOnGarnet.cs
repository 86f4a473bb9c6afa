using Microsoft.Extensions.Logging.Abstractions;
using Orders.Cache;
using StackExchange.Redis;

namespace Orders.Sinks.Tests.Support;

/// <summary>A cache of the test's own, with who writes it and who reads it.</summary>
public abstract class CacheOnGarnet : IAsyncLifetime
{
    private IConnectionMultiplexer? _connection;
    private OrderCache? _cache;
    private RedisOrderSink? _sink;

    private protected GarnetCache Server { get; } = new();

    private protected CacheOptions Options { get; } = new() { Patience = TimeSpan.FromSeconds(5) };

    private protected IConnectionMultiplexer Connection => _connection!;

    private protected OrderCache Cache => _cache!;

    private protected RedisOrderSink Sink => _sink!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Server.StartAsync();
        _connection = Server.Connect();
        _cache = new OrderCache(_connection, Options, TimeProvider.System, NullLogger<OrderCache>.Instance);
        _sink = new RedisOrderSink(_connection, Options, generation: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
