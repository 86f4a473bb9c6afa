using ChangeFeed.Sinks;
using ChangeFeed.Sinks.Testing;
using Orders.Cache;
using Orders.ReadModels;
using StackExchange.Redis;

namespace Orders.Sinks.Tests.Support;

/// <summary>The cache on a server of its own.</summary>
/// <param name="server">The server.</param>
internal sealed class CacheOutside(CacheServer server) : OrdersOutside<OrderStatusDocument>(new OrderCacheProjection())
{
    private readonly IConnectionMultiplexer _connection = server.Connect();

    public override Sink Define(Trouble trouble, SinkOptions options, int generation) => Sink.OfDocuments(
        new OrderCacheProjection(),
        _ => trouble.Around(new RedisOrderSink(_connection, new CacheOptions(), generation), document => document.Key),
        options,
        e => e.Data is Contracts.PersonalDataErased,
        generation);

    public override async Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation)
    {
        var orders = new Dictionary<string, string>();
        var prefix = OrderScripts.KeyOf(generation, "");
        try
        {
            var keys = new List<RedisKey>();
            await foreach (var key in _connection.GetServer(_connection.GetEndPoints()[0]).KeysAsync(pattern: $"{prefix}*", pageSize: 1000))
                keys.Add(key);
            var stored = await Task.WhenAll(keys.Select(key => _connection.GetDatabase().HashGetAsync(key, "order")));
            foreach (var (key, order) in keys.Zip(stored).Where(pair => !pair.Second.IsNull))
                orders[((string)key!)[prefix.Length..]] = Text((byte[])order!);
        }
        catch (RedisException)
        {
            return new Dictionary<string, string>(); // it is away
        }

        return orders;
    }

    public override Task TakeDownAsync() => server.StopAsync();

    public override Task BringBackAsync() => server.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await server.DisposeAsync();
    }
}
