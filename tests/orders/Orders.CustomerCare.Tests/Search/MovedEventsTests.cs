using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Cosmos;
using Orders.CustomerCare.Pages.Overview;
using Orders.Hosting;
using Orders.Hosting.Moving;
using Orders.ReadModels;

namespace Orders.CustomerCare.Tests.Search;

/// <summary>Who looks for what happened finds it on both sides of a cutover.</summary>
public sealed class MovedEventsTests : IAsyncLifetime
{
    private static readonly ContainerLocation Here = new("cosmos", "orders", "events");
    private static readonly ContainerLocation There = new("target", "moved", "events");

    private readonly WithStore _service = new();
    private AccountClients _accounts = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await ((IAsyncLifetime)_service).InitializeAsync();
        var key = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = CosmosSettings.EmbeddedStore }["AccountKey"];
        var store = $"AccountEndpoint={_service.Endpoint};AccountKey={key}"; // another database of it is the other account here
        _service.Settings["Cosmos:Directory:Entry"] = "events";
        _service.Settings["ConnectionStrings:target"] = store;
        _accounts = new AccountClients(["cosmos", "target"], (_, sessions) => new CosmosClient(
            store, new() { ConnectionMode = ConnectionMode.Gateway, CustomHandlers = { sessions } }));
    }

    public async ValueTask DisposeAsync()
    {
        _accounts.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task What_happened_is_found_by_who_did_it_before_and_after_a_cutover_and_the_overview_goes_on()
    {
        var orders = new List<string>();
        await AppendAsync();
        await Eventually.UntilAsync(async () => (await RecentAsync()).Latest.Count == orders.Count, "somebody looks at the overview, which follows the feed");
        var migration = new ContainerMigration(
            _accounts.Container(Here with { Container = "migrations" }), "events", _accounts, new Transformations(new StreamTenants()), TimeProvider.System);
        await migration.PlanAsync(new MigrationRequest(Here, There, ["/tenant", "/streamId"]) { Transformation = "tenant" }, Stop);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = migration.RunAsync(cancellationToken: ended.Token);
        foreach (var forward in (bool[])[true, false])
        {
            await Eventually.UntilAsync(async () => (await migration.StatusAsync(Stop)).IsCurrent, "everything is carried");
            _ = forward ? await migration.CutoverAsync(cancellationToken: Stop) : await migration.RollbackAsync(cancellationToken: Stop);
            await AppendAsync();
            (await FoundAsync()).ShouldBe(orders.AsEnumerable().Reverse());
            await Eventually.UntilAsync(
                async () => (await RecentAsync()) is { Complete: true } seen && seen.Latest.Order().SequenceEqual(orders.Order()),
                "the overview has all of them");
        }

        await ended.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(run);

        async Task AppendAsync()
        {
            for (var i = 0; i < 8; i++)
            {
                orders.Add(Guid.CreateVersion7().ToString());
                var view = OrderStatusDocument.Fold(Examples.Stream.Take(1))! with { Id = orders[^1] };
                await _service.Database.Get(ViewContainers.OrderStatus).UpsertAsync(view.Id, view, ReadModelsJson.Default.OrderStatusDocument, Stop);
                await _service.Events.AppendAsync(orders[^1], CosmosEventStore.NoStream, [Given.Placed], new AppendContext("who-did-it"), Stop);
            }
        }
    }

    private async Task<List<string>> FoundAsync()
    {
        var found = new List<string>();
        var query = new Dictionary<string, string?> { ["service"] = "who-did-it" };
        do
        {
            var page = await (await _service.Client(null).GetAsync(QueryHelpers.AddQueryString("/care/search", query), Stop)).JsonAsync();
            found.AddRange(page["orders"]!.AsArray().Select(order => order!["id"]!.GetValue<string>()));
            query["continuation"] = page["next"]?.GetValue<string>();
        }
        while (query["continuation"] is not null);
        return found;
    }

    private async Task<RecentSnapshot> RecentAsync() =>
        await ((RecentOrdersReader)_service.Services.GetService(typeof(RecentOrdersReader))!).LatestAsync(Stop)
        ?? new RecentOrders().Look(DateTimeOffset.UtcNow, complete: false);
}
