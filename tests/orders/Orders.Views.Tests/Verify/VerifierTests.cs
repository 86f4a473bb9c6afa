using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Verify;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;
using Orders.Views.Tests.Rebuild;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Verify;

public sealed class VerifierTests : IAsyncLifetime
{
    private readonly ServiceOnStore<Program> _service = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Container View => _service.Database.Get(ViewContainers.OrderStatus);

    public async ValueTask InitializeAsync() => await ((IAsyncLifetime)_service).InitializeAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Views_that_follow_their_events_are_right_even_while_events_are_appended()
    {
        using var load = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var appending = AppendAsync(load.Token);

        var result = await VerifyAsync(TimeSpan.FromSeconds(30));

        await load.CancelAsync();
        await appending;
        result.Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whatever_is_wrong_is_told_with_stream_and_version_however_many_passes_it_takes()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => _service.AppendAsync(Placed(), Taxed())));
        (await VerifyAsync(TimeSpan.FromSeconds(30))).ShouldSatisfyAllConditions(
            r => r.Differences.ShouldBeEmpty(), r => r.Streams.ShouldBe(30), r => r.Documents.ShouldBeGreaterThanOrEqualTo(30));

        await View.PatchItemAsync<object>(ids[0], new PartitionKey(ids[0]), [PatchOperation.Set("/total", 1)], cancellationToken: Stop);
        await View.PatchItemAsync<object>(ids[1], new PartitionKey(ids[1]), [PatchOperation.Set("/version", 0)], cancellationToken: Stop);
        await View.DeleteItemAsync<object>(ids[2], new PartitionKey(ids[2]), cancellationToken: Stop);
        await View.PatchItemAsync<object>(ids[3], new PartitionKey(ids[3]), [PatchOperation.Remove("/customerId")], cancellationToken: Stop);
        using (var orphan = new MemoryStream(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            OrderStatusDocument.Fold(Given(Placed()).Events)! with { Id = "nobodys" }, ReadModelsJson.Default.OrderStatusDocument)))
            (await View.CreateItemStreamAsync(orphan, new PartitionKey("nobodys"), cancellationToken: Stop)).EnsureSuccessStatusCode();

        foreach (var maxStreams in new[] { 100_000, 7 })
        {
            var result = await VerifyAsync(TimeSpan.FromMilliseconds(100), maxStreams);
            result.Differences.Count.ShouldBe(5);
            result.Streams.ShouldBe(30);
            result.Differences.ShouldContain(d => d.Contains(ids[0]) && d.Contains("has other content than its events say at version 1"));
            result.Differences.ShouldContain(d => d.Contains(ids[1]) && d.Contains("is at version 0; its events are at 1"));
            result.Differences.ShouldContain(d => d.Contains(ids[2]) && d.Contains("is missing; its events are at version 1"));
            result.Differences.ShouldContain(d => d.Contains(ids[3]) && d.Contains("cannot be read"));
            result.Differences.ShouldContain(d => d.Contains("nobodys") && d.Contains("belongs to no events"));
        }
    }

    private async Task AppendAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await _service.AppendToAsync(await _service.AppendAsync(Placed()), Taxed());
    }

    private Task<VerifyResult> VerifyAsync(TimeSpan settling, int maxStreams = 100_000) =>
        new Verifier(_service.Database.ViewDatabase, _service.Services.GetRequiredService<EventSource>(), TimeProvider.System, new RecordedProgress())
        {
            Settling = settling,
            MaxStreams = maxStreams,
        }.RunAsync([AllViews.List.Single(v => v.Name == "order-status")], Stop);
}
