extern alias emulator;
using ChangeFeed.EventStore;
using emulator::ChangeFeed.Emulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orders.Contracts;
using Orders.Domain;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Api.Tests;

/// <summary>The service on a store of its own; the other services are played by the tests.</summary>
public sealed class WithStore : WebApplicationFactory<Program>, IAsyncLifetime
{
    private EmulatorHost? _store;

    public CosmosEventStore Events => Services.GetRequiredService<CosmosEventStore>();

    async ValueTask IAsyncLifetime.InitializeAsync() =>
        _store = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    /// <summary>Writes what the views would have written by now.</summary>
    public Task ProjectAsync(string orderId, long upTo = long.MaxValue) => ProjectAsync(orderId, order => order, upTo);

    /// <summary>Writes what the views would have written by now, with what does not come from events.</summary>
    public async Task ProjectAsync(string orderId, Func<OrderStatusDocument, OrderStatusDocument> complete, long upTo = long.MaxValue)
    {
        var events = await Events.ReadStreamAsync(orderId, TestContext.Current.CancellationToken);
        var order = OrderStatusDocument.Fold(events.Where(e => e.Version <= upTo)).ShouldNotBeNull();
        await Services.GetRequiredService<OrdersDatabase>().Get(ViewContainers.OrderStatus).UpsertItemAsync(
            complete(order), new PartitionKey(orderId), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Writes what the view of the customer's orders would have by now.</summary>
    public async Task ReplicateAsync(string orderId, DateTimeOffset? placedAt = null)
    {
        var order = OrderStatusDocument.Fold(await Events.ReadStreamAsync(orderId, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        await Services.GetRequiredService<OrdersDatabase>().Get(ViewContainers.CustomerOrders).UpsertItemAsync(
            order with { PlacedAt = placedAt ?? order.PlacedAt }, new PartitionKey(order.CustomerId), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Appends what the other services would have appended.</summary>
    public async Task AppendAsync(string orderId, params IReadOnlyList<object> events)
    {
        var stream = await Events.ReadStreamAsync(orderId, TestContext.Current.CancellationToken);
        await Events.AppendAsync(orderId, stream[^1].Version, events, new("test"), TestContext.Current.CancellationToken);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:cosmos", _store!.ConnectionString);
    }
}
