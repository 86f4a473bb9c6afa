using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Comparison;
using ChangeFeed.Projections.Rebuild;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;
using Orders.Views.Tools;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Rebuild;

/// <summary>The real service keeps its views while a version is rebuilt beside it.</summary>
public sealed class RebuildTests : IAsyncLifetime
{
    private static readonly IView View = AllViews.List.Single(v => v.Name == "order-status");

    private readonly ServiceOnStore<Program> _service = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ViewReader Reader => _service.Services.GetRequiredService<ViewReader>();

    public async ValueTask InitializeAsync() => await ((IAsyncLifetime)_service).InitializeAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Readers_are_switched_under_load_and_nobody_fails_or_reads_backwards()
    {
        var older = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _service.AppendAsync(Placed(), Taxed(), Captured(), Shipped())));
        await SeenAsync(older);
        using var load = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var shoppers = Enumerable.Range(0, 4).Select(_ => ShopAsync(load.Token)).ToList();

        var version = await RebuildAsync(new RecordedProgress(), underLoad: true);
        await load.CancelAsync();

        version.ShouldBe(2);
        var ordered = (await Task.WhenAll(shoppers)).SelectMany(ids => ids).Concat(older).ToList();
        ordered.Count.ShouldBeGreaterThan(older.Length);
        await SeenAsync(ordered);
        var comparison = await Comparison().RunAsync(new RecordedProgress(), Stop);
        comparison.Differences.ShouldBeEmpty();
        comparison.Documents.ShouldBe((ordered.Count, ordered.Count));
    }

    [Fact]
    public async Task A_rebuild_cancelled_at_any_step_leaves_the_old_version_serving_and_is_gone_on_with()
    {
        await SeenAsync(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _service.AppendAsync(Placed(), Taxed()))));
        foreach (var step in new[] { "Running views", "Building", "Comparing", "All readers" })
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var progress = new RecordedProgress { OnStep = begun => { if (begun.StartsWith(step, StringComparison.Ordinal)) cancel.Cancel(); } };
            await Should.ThrowAsync<OperationCanceledException>(() => RebuildAsync(progress, cancel.Token));
            (await VersionsAsync()).Serving.ShouldBe(1);
        }

        (await RebuildAsync(new RecordedProgress())).ShouldBe(2);

        var refused = await Should.ThrowAsync<ViewCommandException>(() => RebuildAsync(new RecordedProgress()));
        refused.Message.ShouldContain("remove order-status v1");
        await Should.ThrowAsync<ViewCommandException>(() => RemoveAsync(2));
        await RemoveAsync(1);
        (await VersionsAsync()).ShouldSatisfyAllConditions(v => v.Read.ShouldBe([2]), v => v.Write.ShouldBe([2]));
        (await _service.Database.Get(ViewContainers.OrderStatus).ReadContainerStreamAsync(cancellationToken: Stop))
            .StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await SeenAsync([await _service.AppendAsync(Placed())]);
    }

    [Fact]
    public async Task A_version_that_says_something_else_serves_only_when_the_difference_is_accepted()
    {
        await _service.Database.Get(ReferenceContainers.Customers)
            .UpsertItemAsync(new CustomerDocument("c-1001", 1, "Ada", Start), new PartitionKey("c-1001"), cancellationToken: Stop);
        var id = await _service.AppendAsync(Placed(), Taxed());
        await SeenAsync([id]);
        await _service.Database.Get(ViewContainers.OrderStatus)
            .PatchItemAsync<object>(id, new PartitionKey(id), [PatchOperation.Set("/customerId", "somebody else")], cancellationToken: Stop);

        var progress = new RecordedProgress();
        (await Should.ThrowAsync<ViewCommandException>(() => RebuildAsync(progress))).Message.ShouldContain("--accept-differences");
        progress.Lines.ShouldContain(line => line.Contains($"{id}: different content at version 1"));
        (await VersionsAsync()).Serving.ShouldBe(1);

        (await RebuildAsync(new RecordedProgress(), acceptDifferences: true)).ShouldBe(2);
        (await ReadAsync(id))!.ShouldSatisfyAllConditions(
            o => o.CustomerId.ShouldBe("c-1001"), o => o.NameOf(new(ReferenceKind.Customer, "c-1001")).ShouldBe("Ada"));
    }

    [Fact]
    public async Task What_only_the_newer_version_has_is_a_difference_only_when_it_cannot_be_read()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _service.AppendAsync(Placed(), Taxed())));
        await SeenAsync(ids);
        await RebuildAsync(new RecordedProgress());
        foreach (var id in ids)
            await _service.Database.View("order-status", 1).DeleteItemAsync<object>(id, new PartitionKey(id), cancellationToken: Stop);
        var comparison = await Comparison(TimeSpan.Zero).RunAsync(new RecordedProgress(), Stop);
        (comparison.Documents, comparison.Different).ShouldBe(((0, 3), 0));

        await _service.Database.View("order-status", 2)
            .PatchItemAsync<object>(ids[0], new PartitionKey(ids[0]), [PatchOperation.Set("/version", "three")], cancellationToken: Stop);

        (await Comparison(TimeSpan.Zero).RunAsync(new RecordedProgress(), Stop)).Differences.Single()
            .ShouldStartWith($"{ids[0]}: the newer document cannot be read");
    }

    [Fact]
    public async Task Two_runs_at_once_divide_the_partitions_and_end_with_the_same_version()
    {
        await SeenAsync(await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _service.AppendAsync(Placed(), Taxed()))));

        (await Task.WhenAll(RebuildAsync(new RecordedProgress()), RebuildAsync(new RecordedProgress()))).ShouldBe([2, 2]);

        (await Comparison().RunAsync(new RecordedProgress(), Stop)).Different.ShouldBe(0);
    }

    private async Task<List<string>> ShopAsync(CancellationToken stop)
    {
        var ids = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            var id = await _service.AppendAsync(Placed());
            ids.Add(id);
            var seen = -1L;
            foreach (var next in new object[] { Taxed(), Captured(), Shipped() })
            {
                await _service.AppendToAsync(id, next);
                for (var read = 0; read < 10; read++)
                {
                    var version = (await ReadAsync(id))?.Version ?? -1;
                    version.ShouldBeGreaterThanOrEqualTo(seen);
                    seen = version;
                }
            }
        }

        return ids;
    }

    private Task SeenAsync(IEnumerable<string> ids) => Parallel.ForEachAsync(ids, Stop, async (id, stop) =>
    {
        var stream = await _service.Services.GetRequiredService<CosmosEventStore>().ReadStreamAsync(id, stop);
        await Eventually.UntilAsync(async () => (await ReadAsync(id))?.Version == stream[^1].Version);
    });

    private Task<OrderStatusDocument?> ReadAsync(string id) =>
        Reader.ReadAsync("order-status", id, id, ReadModelsJson.Default.OrderStatusDocument, d => d.Version, Stop);

    private Task<ViewVersions> VersionsAsync() => new ViewDirectory(_service.Database.ViewDatabase, TimeProvider.System).ReadAsync("order-status", Stop);

    private VersionComparison Comparison(TimeSpan? settling = null) => new(
        View, _service.Database.View("order-status", 1), _service.Database.View("order-status", 2), TimeProvider.System,
        settling ?? TimeSpan.FromSeconds(10));

    private Task<int> RebuildAsync(RecordedProgress progress, CancellationToken? stop = null, bool acceptDifferences = false, bool underLoad = false) =>
        new Rebuilder(
            _service.Database.ViewDatabase, _service.Services.GetRequiredService<EventSource>(), TimeProvider.System, progress,
            _service.Services.GetRequiredService<IViewEnrichment>())
        {
            EverybodyKnows = underLoad ? ViewDirectory.MaxAge * 2 : TimeSpan.FromMilliseconds(10),
            Settling = underLoad ? TimeSpan.FromSeconds(20) : TimeSpan.FromMilliseconds(500),
        }.RunAsync(View, acceptDifferences, stop ?? Stop);

    private Task RemoveAsync(int version) => new VersionRemoval(_service.Database.ViewDatabase, TimeProvider.System).RunAsync("order-status", version, Stop);
}
