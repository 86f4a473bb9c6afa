using System.Collections.Concurrent;
using ChangeFeed.Emulator.Testing;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Migration;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting.Moving;

namespace Orders.Hosting.Tests;

/// <summary>A service whose events move to another key and account, and back, while it appends, reacts and reads the feed.</summary>
public sealed class FollowedDirectoryTests : IAsyncLifetime
{
    private static readonly ContainerLocation Here = new("cosmos", "orders", "events");
    private static readonly ContainerLocation There = new("target", "moved", "events");

    private CosmosEmulator _cosmos = null!;
    private CosmosEmulator _target = null!;
    private AccountClients _accounts = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ContainerMigration Migration => new(
        _accounts.Container(Here with { Container = "migrations" }), "events", _accounts, new Transformations(new StreamTenants()), TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        (_cosmos, _target) = (await CosmosEmulator.StartAsync(), await CosmosEmulator.StartAsync());
        _accounts = new AccountClients(["cosmos", "target"], (name, sessions) => new CosmosClient(
            (name == "cosmos" ? _cosmos : _target).ConnectionString, new() { ConnectionMode = ConnectionMode.Gateway, CustomHandlers = { sessions } }));
    }

    public async ValueTask DisposeAsync()
    {
        _accounts.Dispose();
        await _cosmos.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task It_goes_on_there_and_back_and_handles_each_event_once_and_in_order()
    {
        await using var app = await StartAsync();
        var (store, seen) = (app.Services.GetRequiredService<CosmosEventStore>(), app.Services.GetRequiredService<Seen>());
        var orders = new List<string>();
        await OrderAsync(20);
        await Migration.PlanAsync(new MigrationRequest(Here, There, ["/tenant", "/streamId"]) { Transformation = "tenant" }, Stop);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = Migration.RunAsync(cancellationToken: ended.Token);
        foreach (var forward in (bool[])[true, false, true])
        {
            await Eventually.UntilAsync(async () => (await Migration.StatusAsync(Stop)).IsCurrent, "everything is carried");
            var ordering = OrderAsync(100);
            var result = forward ? await Migration.CutoverAsync(cancellationToken: Stop) : await Migration.RollbackAsync(cancellationToken: Stop);
            TestContext.Current.TestOutputHelper?.WriteLine($"{result}");
            await ordering;
            await OrderAsync(5); // on the side that serves
        }

        await Eventually.UntilAsync(() => orders.All(order => seen.Of(order).Contains("TaxCalculated")), "all events are seen");
        foreach (var order in orders)
        {
            seen.Of(order).ShouldBe(["OrderPlaced", "TaxCalculated"], order);
            (await store.ReadStreamAsync(order, Stop)).Select(e => e.Type).ShouldBe(["OrderPlaced", "TaxCalculated"]);
        }

        var route = await app.Services.GetRequiredService<EventsDirectory>().GetAsync(0, Stop);
        (route.Turn, route.Serving.Name, route.Former!.Name).ShouldBe((4, "target", ""));
        await ended.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(run);
        await app.StopAsync(Stop);

        async Task OrderAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var id = Guid.CreateVersion7().ToString();
                await store.AppendAsync(id, CosmosEventStore.NoStream, [OrderStream.Placed()], new AppendContext("test"), Stop);
                orders.Add(id);
            }
        }
    }

    [Fact]
    public async Task Nothing_of_a_directory_is_made_where_none_is_followed()
    {
        await using var app = await StartAsync(("Cosmos:Directory:Entry", ""));
        app.Services.GetService<EventsDirectory>().ShouldBeNull();
        using var client = _cosmos.CreateClient();
        using var migrations = await client.GetContainer("orders", "migrations").ReadContainerStreamAsync(cancellationToken: Stop);
        migrations.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await app.StopAsync(Stop);
    }

    [Theory]
    [InlineData("Cosmos:Directory:Entry", "a/b", "Cosmos:Directory:Entry must be the name of a migration, ")]
    [InlineData("Cosmos:Directory:Database", "orders", "Cosmos:Directory:Database is 'orders': it must be account/database, such as cosmos/orders.")]
    [InlineData("Cosmos:Directory:Database", "west/orders", "Cosmos:Directory:Database is 'west/orders', and there is no account 'west': ")]
    [InlineData("Cosmos:Directory:Validity", "00:05:00", "Cosmos:Directory:Validity must be 1 second to 1 minute, ")]
    [InlineData("ConnectionStrings:target", "AccountEndpoint=x", "ConnectionStrings:target has no AccountEndpoint that is an http or https address.")]
    public async Task A_wrong_setting_is_told_by_its_name(string setting, string value, string problem) =>
        (await Should.ThrowAsync<Exception>(() => StartAsync((setting, value)))).GetBaseException()
            .ShouldBeOfType<OptionsValidationException>().Message.ShouldStartWith(problem);

    private async Task<WebApplication> StartAsync(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:cosmos"] = _cosmos.ConnectionString;
        builder.Configuration["ConnectionStrings:target"] = _target.ConnectionString;
        builder.Configuration["Cosmos:Directory:Entry"] = "events";
        foreach (var (name, value) in settings)
            builder.Configuration[name] = value;
        builder.AddOrderService("service-of-the-test");
        builder.Services.AddSingleton<Seen>();
        builder.AddChangeFeed(feed =>
        {
            feed.Endpoint("tax", endpoint => endpoint.AddConsumer<Taxing>());
            feed.Endpoint("watch", endpoint => endpoint.AddConsumer<Watching>());
        });
        var app = builder.Build();
        await app.StartAsync(Stop);
        return app;
    }

    private sealed class Seen
    {
        private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _orders = new();

        public void Add(RecordedEvent e) => _orders.GetOrAdd(e.StreamId, _ => new()).Enqueue(e.Type);

        public string[] Of(string order) => [.. _orders.GetValueOrDefault(order, [])];
    }

    private sealed class Taxing(Reactor reactor) : IConsumer<OrderPlaced>
    {
        public Task Consume(ConsumeContext<OrderPlaced> context) => reactor.ReactAsync(context, (_, _) => new([OrderStream.Taxed()]));
    }

    private sealed class Watching(Seen seen) : IConsumer<OrderPlaced>, IConsumer<TaxCalculated>
    {
        public Task Consume(ConsumeContext<OrderPlaced> context) => AddAsync(context);

        public Task Consume(ConsumeContext<TaxCalculated> context) => AddAsync(context);

        private Task AddAsync(ConsumeContext context)
        {
            seen.Add(context.Recorded());
            return Task.CompletedTask;
        }
    }
}
