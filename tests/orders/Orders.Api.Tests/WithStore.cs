using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Cosmos;
using Orders.ReadModels;

namespace Orders.Api.Tests;

/// <summary>The service on a store of its own; the other services are played by the tests.</summary>
public sealed class WithStore : ServiceOnStore<Program>
{
    /// <summary>Writes what the views would have written by now.</summary>
    public Task ProjectAsync(string orderId, long upTo = long.MaxValue) => ProjectAsync(orderId, order => order, upTo);

    /// <summary>Writes what the views would have written by now, with what does not come from events.</summary>
    public async Task ProjectAsync(string orderId, Func<OrderStatusDocument, OrderStatusDocument> complete, long upTo = long.MaxValue)
    {
        var events = await Events.ReadStreamAsync(orderId, TestContext.Current.CancellationToken);
        var order = OrderStatusDocument.Fold(events.Where(e => e.Version <= upTo)).ShouldNotBeNull();
        await Database.Get(ViewContainers.OrderStatus).UpsertItemAsync(
            complete(order), new PartitionKey(orderId), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Writes what the view of the customer's orders would have by now.</summary>
    public async Task ReplicateAsync(string orderId, DateTimeOffset? placedAt = null)
    {
        var order = OrderStatusDocument.Fold(await Events.ReadStreamAsync(orderId, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        await Database.Get(ViewContainers.CustomerOrders).UpsertItemAsync(
            order with { PlacedAt = placedAt ?? order.PlacedAt }, new PartitionKey(order.CustomerId), cancellationToken: TestContext.Current.CancellationToken);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseEnvironment("Development");
    }
}
