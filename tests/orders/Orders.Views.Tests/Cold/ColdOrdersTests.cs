using ChangeFeed.Projections;
using ChangeFeed.Projections.Rebuild;
using ChangeFeed.Projections.Verify;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Erasure;
using Orders.Views.Tests.Rebuild;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Cold;

/// <summary>Views of orders that have left the event store for the archive.</summary>
public sealed class ColdOrdersTests : IAsyncLifetime
{
    private static readonly CustomerNotified Told = new(NoticeKind.Shipped, "email", "sealed1.x", "On its way", "shipped-1@example.org");

    private readonly TemporaryDirectory _directory = new();
    private readonly ServiceOnStore<Program> _service;
    private readonly ColdOrders _cold;

    public ColdOrdersTests()
    {
        _service = new() { Settings = { ["Sinks:Archive:Directory"] = _directory.Path, ["Erasure:SettleTime"] = "00:00:00.2" } };
        _cold = new ColdOrders(_directory.Path) { Options = new(TimeSpan.FromDays(30)) { Grace = TimeSpan.FromSeconds(1) } };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await ((IAsyncLifetime)_service).InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Verify_and_rebuild_include_what_left_and_what_came_back()
    {
        var ended = await CoolAsync(30);
        var open = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _service.AppendAsync(Placed(), Taxed())));
        (await _cold.RestoreAsync(_service.Database, ended[0])).ShouldBe(5);
        await _service.AppendToAsync(ended[1], RefundAsked());

        var verified = await VerifyAsync();

        verified.Differences.ShouldBeEmpty();
        verified.Streams.ShouldBe(ended.Count + open.Length);
        foreach (var name in new[] { ViewNames.OrderStatus, "statistics" })
            (await RebuildAsync(name)).ShouldBe(2); // which refuses where the new version says something else
        (await VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_lost_in_the_archive_is_an_error_and_not_a_shorter_view()
    {
        await CoolAsync(1);
        Directory.Delete(_directory.File("events"), recursive: true);

        await Should.ThrowAsync<ChangeFeed.EventStore.Cold.ColdStreamException>(VerifyAsync);
    }

    [Fact]
    public async Task A_customer_whose_orders_have_left_is_erased_like_any_other()
    {
        var order = (await CoolAsync(1))[0];

        await _service.Services.GetRequiredService<CustomerErasure>().RunAsync("c-1001", DateTimeOffset.UtcNow, Stop);

        var stream = await _service.Events.ReadStreamAsync(order, Stop);
        stream.Select(e => e.Version).ShouldBe([0L, 1, 2, 3, 4, 5]);
        stream[5].Data.ShouldBeOfType<PersonalDataErased>();
        await Eventually.UntilAsync(async () =>
        {
            using var document = await _service.Database.View(ViewNames.OrderStatus, 1).ReadItemStreamAsync(
                order, new PartitionKey(order), cancellationToken: Stop);
            return document.IsSuccessStatusCode && (await System.Text.Json.JsonSerializer.DeserializeAsync(
                document.Content, ReadModelsJson.Default.OrderStatusDocument, Stop)) is { Version: 5, ErasedAt: not null };
        });
    }

    /// <summary>Orders that ended, of which the store has no more than what stands in their place.</summary>
    private async Task<IReadOnlyList<string>> CoolAsync(int orders)
    {
        var ended = await Task.WhenAll(
            Enumerable.Range(0, orders).Select(_ => _service.AppendAsync(Placed(), Taxed(), Captured(), Shipped(), Told)));
        await _cold.ArchiveAsync(_service.Database);
        (await _cold.CoolAsync(_service.Database)).Streams.ShouldBe(orders);
        await Eventually.UntilAsync(async () => await CountAsync() == orders);
        return ended;
    }

    private async Task<int> CountAsync()
    {
        using var pages = _service.Database.Events.GetItemQueryIterator<int>("SELECT VALUE COUNT(1) FROM c");
        return (await pages.ReadNextAsync(Stop)).Sum();
    }

    private Task<VerifyResult> VerifyAsync() =>
        new Verifier(_service.Database.ViewDatabase, _service.Services.GetRequiredService<EventSource>(), TimeProvider.System, new RecordedProgress())
            .RunAsync(AllViews.List, Stop);

    private Task<int> RebuildAsync(string view) => new Rebuilder(
        _service.Database.ViewDatabase, _service.Services.GetRequiredService<EventSource>(), TimeProvider.System, new RecordedProgress(),
        _service.Services.GetRequiredService<IViewEnrichment>())
    {
        EverybodyKnows = TimeSpan.FromMilliseconds(10),
    }.RunAsync(AllViews.List.Single(v => v.Name == view), acceptDifferences: false, Stop);
}
