using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using Orders.Cache;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Sinks.Tests.Support;
using Orders.Testing;

namespace Orders.Sinks.Tests;

/// <summary>What readers of the cache get, fill in, and do not wait for.</summary>
public sealed class OrderCacheTests : CacheOnGarnet
{
    [Fact]
    public async Task An_order_is_answered_when_the_view_has_told_its_names_and_then_moves_with_the_events()
    {
        var stream = OrderStream.Given(OrderStream.Placed(), OrderStream.Taxed());
        await WriteAsync(stream.Events[..1]);
        (await Cache.FindAsync(OrderStream.OrderId, Stop)).ShouldBeNull(); // nobody knows what the customer is called

        await Cache.FillAsync(OrderStatusDocument.Fold(stream.Events[..1])! with { Names = [Ada] }, Stop);
        await WriteAsync(stream.Events);

        var order = await Cache.FindAsync(OrderStream.OrderId, Stop);
        order!.Version.ShouldBe(1);
        order.Total.ShouldBe(106.29m);
        order.Names.ShouldBe([Ada]);
    }

    [Fact]
    public async Task A_view_that_is_behind_does_not_move_it_back()
    {
        var stream = OrderStream.Given(OrderStream.Placed(), OrderStream.Taxed());
        await WriteAsync(stream.Events);

        await Cache.FillAsync(OrderStatusDocument.Fold(stream.Events[..1])!, Stop);

        (await Cache.FindAsync(OrderStream.OrderId, Stop))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task An_erased_order_is_not_filled_in_again_by_who_had_read_it_before()
    {
        var stream = OrderStream.Given(OrderStream.Placed(), new PersonalDataErased(60));
        var before = OrderStatusDocument.Fold(stream.Events[..1])! with { Names = [Ada] };
        await Cache.FillAsync(before, Stop);
        await WriteAsync(stream.Events);

        await Cache.FillAsync(before, Stop);
        await Cache.FillAsync(OrderStatusDocument.Fold(stream.Events)!, Stop);

        (await Cache.FindAsync(OrderStream.OrderId, Stop)).ShouldBeNull();
        (await Connection.GetDatabase().HashKeysAsync(OrderScripts.KeyOf(1, OrderStream.OrderId))).ShouldBe(["version"]);
    }

    [Fact]
    public async Task Names_that_are_too_old_are_asked_for_again()
    {
        var order = OrderStatusDocument.Fold(OrderStream.Given(OrderStream.Placed()).Events)!;
        await Cache.FillAsync(order, Stop);
        Options.MaxAgeOfNames = TimeSpan.Zero;

        await Eventually.UntilAsync(async () => await Cache.FindAsync(order.Id, Stop) is null);
    }

    [Fact]
    public async Task A_cache_that_is_away_has_nothing_and_nobody_waits_for_it()
    {
        var order = OrderStatusDocument.Fold(OrderStream.Given(OrderStream.Placed()).Events)!;
        await Cache.FillAsync(order, Stop);
        await Server.StopAsync();

        (await Cache.FindAsync(order.Id, Stop)).ShouldBeNull();
        await Cache.FillAsync(order, Stop);
        await Should.ThrowAsync<SinkUnavailableException>(() => Sink.WriteAsync([new SinkDocument<OrderStatusDocument>(order.Id, 0, order)], Stop));

        await Server.StartAsync();
        await Eventually.UntilAsync(async () => await Cache.FindAsync(order.Id, Stop) is not null, "it is used again");
    }

    [Fact]
    public async Task Entries_end_after_their_time()
    {
        await WriteAsync(OrderStream.Given(OrderStream.Placed()).Events);

        (await Connection.GetDatabase().KeyTimeToLiveAsync(OrderScripts.KeyOf(1, OrderStream.OrderId)))!.Value
            .ShouldBeInRange(Options.KeepOrders - TimeSpan.FromMinutes(1), Options.KeepOrders);
    }

    private static ReferenceName Ada => new(ReferenceKind.Customer, "c-1001", "Ada", 1);

    private async Task WriteAsync(IEnumerable<RecordedEvent> events)
    {
        var order = OrderStatusDocument.Fold(events)!;
        await Sink.WriteAsync([new SinkDocument<OrderStatusDocument>(order.Id, order.Version, order.ErasedAt is null ? order : null)], Stop);
    }
}
