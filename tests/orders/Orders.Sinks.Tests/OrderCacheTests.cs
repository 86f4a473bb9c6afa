using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Cache;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Sinks.Tests.Support;
using Orders.Testing;
using StackExchange.Redis;

namespace Orders.Sinks.Tests;

/// <summary>What readers of the cache get, fill in, and do not wait for.</summary>
public sealed class OrderCacheTests : IAsyncLifetime
{
    private readonly GarnetCache _server = new();
    private readonly CacheOptions _options = new() { Patience = TimeSpan.FromSeconds(5) };
    private IConnectionMultiplexer _connection = null!;
    private OrderCache _cache = null!;
    private RedisOrderSink _sink = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        _connection = _server.Connect();
        _cache = new OrderCache(_connection, _options, TimeProvider.System, NullLogger<OrderCache>.Instance);
        _sink = new RedisOrderSink(_connection, _options, generation: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_order_is_answered_when_the_view_has_told_its_names_and_then_moves_with_the_events()
    {
        var stream = OrderStream.Given(OrderStream.Placed(), OrderStream.Taxed());
        await WriteAsync(stream.Events[..1]);
        (await _cache.FindAsync(OrderStream.OrderId, Stop)).ShouldBeNull(); // nobody knows what the customer is called

        await _cache.FillAsync(OrderStatusDocument.Fold(stream.Events[..1])! with { Names = [Ada] }, Stop);
        await WriteAsync(stream.Events);

        var order = await _cache.FindAsync(OrderStream.OrderId, Stop);
        order!.Version.ShouldBe(1);
        order.Total.ShouldBe(106.29m);
        order.Names.ShouldBe([Ada]);
    }

    [Fact]
    public async Task A_view_that_is_behind_does_not_move_it_back()
    {
        var stream = OrderStream.Given(OrderStream.Placed(), OrderStream.Taxed());
        await WriteAsync(stream.Events);

        await _cache.FillAsync(OrderStatusDocument.Fold(stream.Events[..1])!, Stop);

        (await _cache.FindAsync(OrderStream.OrderId, Stop))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task An_erased_order_is_not_filled_in_again_by_who_had_read_it_before()
    {
        var stream = OrderStream.Given(OrderStream.Placed(), new PersonalDataErased(60));
        var before = OrderStatusDocument.Fold(stream.Events[..1])! with { Names = [Ada] };
        await _cache.FillAsync(before, Stop);
        await WriteAsync(stream.Events);

        await _cache.FillAsync(before, Stop);
        await _cache.FillAsync(OrderStatusDocument.Fold(stream.Events)!, Stop);

        (await _cache.FindAsync(OrderStream.OrderId, Stop)).ShouldBeNull();
        (await _connection.GetDatabase().HashKeysAsync(OrderScripts.KeyOf(1, OrderStream.OrderId))).ShouldBe(["version"]);
    }

    [Fact]
    public async Task Names_that_are_too_old_are_asked_for_again()
    {
        var order = OrderStatusDocument.Fold(OrderStream.Given(OrderStream.Placed()).Events)!;
        await _cache.FillAsync(order, Stop);
        _options.MaxAgeOfNames = TimeSpan.Zero;

        await Eventually.UntilAsync(async () => await _cache.FindAsync(order.Id, Stop) is null);
    }

    [Fact]
    public async Task A_cache_that_is_away_has_nothing_and_nobody_waits_for_it()
    {
        var order = OrderStatusDocument.Fold(OrderStream.Given(OrderStream.Placed()).Events)!;
        await _cache.FillAsync(order, Stop);
        await _server.StopAsync();

        (await _cache.FindAsync(order.Id, Stop)).ShouldBeNull();
        await _cache.FillAsync(order, Stop);
        await Should.ThrowAsync<SinkUnavailableException>(() => _sink.WriteAsync([new SinkDocument<OrderStatusDocument>(order.Id, 0, order)], Stop));

        await _server.StartAsync();
        await Eventually.UntilAsync(async () => await _cache.FindAsync(order.Id, Stop) is not null, "it is used again");
    }

    [Fact]
    public async Task Entries_end_after_their_time()
    {
        await WriteAsync(OrderStream.Given(OrderStream.Placed()).Events);

        (await _connection.GetDatabase().KeyTimeToLiveAsync(OrderScripts.KeyOf(1, OrderStream.OrderId)))!.Value
            .ShouldBeInRange(_options.KeepOrders - TimeSpan.FromMinutes(1), _options.KeepOrders);
    }

    private static ReferenceName Ada => new(ReferenceKind.Customer, "c-1001", "Ada", 1);

    private async Task WriteAsync(IEnumerable<RecordedEvent> events)
    {
        var order = OrderStatusDocument.Fold(events)!;
        await _sink.WriteAsync([new SinkDocument<OrderStatusDocument>(order.Id, order.Version, order.ErasedAt is null ? order : null)], Stop);
    }
}
