using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Archive;
using Orders.Archive.Cooling;
using Orders.Contracts;
using Orders.Testing;
using static Orders.Testing.OrderStream;

namespace Orders.Sinks.Tests;

/// <summary>Orders that leave the event store for the archive, which the real sink writes, and come back.</summary>
public sealed class CoolingTests : IAsyncLifetime
{
    private static readonly CustomerNotified Told = new(NoticeKind.Shipped, "email", "sealed1.x", "On its way", "shipped-1@example.org");

    private readonly TemporaryDirectory _directory = new();
    private readonly ServiceOnStore<SinkSettings> _service;
    private readonly ColdOrders _cold;

    public CoolingTests()
    {
        _service = new()
        {
            Settings =
            {
                ["Sinks:Enabled"] = "archive",
                ["Sinks:Archive:Directory"] = _directory.Path,
                ["Sinks:Archive:Writing:BatchDelay"] = "00:00:00.02",
            },
        };
        _cold = new ColdOrders(_directory.Path);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await ((IAsyncLifetime)_service).InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_ended_long_ago_leaves_and_is_read_through()
    {
        var ended = await EndedAsync();
        var before = await _service.Events.ReadStreamAsync(ended, Stop);
        var open = await _service.AppendAsync(Placed(), Taxed());
        await ArchivedAsync();

        var result = await (_cold with { Options = _cold.Options with { Grace = TimeSpan.FromSeconds(1) } }).CoolAsync(_service.Database);

        (result.Streams, result.Events, result.Differences).ShouldBe((1, 5, []));
        await Eventually.UntilAsync(async () => (await DocumentsAsync(ended)).Count == 1); // the store has deleted the others by itself
        var after = await _service.Events.ReadStreamAsync(ended, Stop);
        after.Select(e => Same(e)).ShouldBe(before.Select(e => Same(e)));
        (await ReadFromAsync(ended, 3)).ShouldBe([3L, 4]);
        (await _service.Events.ReadEventAsync(ended, 2, Stop))!.Data.ShouldBe(before[2].Data);
        (await _service.Events.ReadEventAsync(ended, 5, Stop)).ShouldBeNull();
        (await _service.Events.FindColdAsync(ended, Stop))!.LastVersion.ShouldBe(4);
        (await DocumentsAsync(open)).Count.ShouldBe(2);
        (await _cold.CoolAsync(_service.Database)).Streams.ShouldBe(0);
        (await VerifyAsync()).ShouldSatisfyAllConditions(v => v.Differences.ShouldBeEmpty(), v => v.Missing.ShouldBe(0), v => v.Archived.ShouldBe(7));
    }

    [Fact]
    public async Task Nothing_expires_that_the_archive_does_not_have_as_the_store_has_it()
    {
        var (missing, different) = (await EndedAsync(), await EndedAsync());
        await ArchivedAsync();
        await StopAsync();
        await _service.AppendToAsync(missing, new NoticeDropped(NoticeKind.Shipped, "nobody there"));
        var changed = (await _service.Events.ReadStreamAsync(different, Stop))[1];
        using (var body = new MemoryStream(EventDocument.Write(changed with { Data = Taxed() with { Tax = 1m } }, OrderEvents.Map)))
            (await _service.Database.Events.ReplaceItemStreamAsync(body, "1", new PartitionKey(different), cancellationToken: Stop)).EnsureSuccessStatusCode();

        var result = await CoolWithoutEndpointsAsync();

        result.Streams.ShouldBe(0);
        result.Differences.ShouldBe(
            [
                $"{different}/1 is not in the archive as the store has it; the stream stays.",
                $"{missing}/5 is not in the archive as the store has it; the stream stays.",
            ],
            ignoreOrder: true);
        foreach (var order in new[] { missing, different })
            (await DocumentsAsync(order)).ShouldAllBe(document => !document.Contains("_archive") && !document.Contains("\"ttl\""));
    }

    [Fact]
    public async Task What_is_open_parked_or_young_stays()
    {
        var parked = await EndedAsync();
        await _service.AppendAsync(Placed(), Taxed(), Captured(), Shipped());
        await _service.AppendAsync(Placed(), Taxed(), Captured(), Shipped(), Told, RefundAsked());
        using (var letter = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(
            $$"""{"id":"stream.{{parked}}","endpoint":"tax","kind":"stream","status":"Parked","streamId":"{{parked}}"}""")))
            (await _service.Database.DeadLetters.CreateItemStreamAsync(letter, new PartitionKey("tax"), cancellationToken: Stop)).EnsureSuccessStatusCode();
        await ArchivedAsync();

        (await _cold.CoolAsync(_service.Database)).ShouldSatisfyAllConditions(r => r.Streams.ShouldBe(0), r => r.Stay.ShouldBe(2));
        (await (_cold with { Options = new CoolingOptions(TimeSpan.FromDays(60)) }).CoolAsync(_service.Database)).Stay.ShouldBe(0); // nothing is so old
    }

    [Fact]
    public async Task An_order_that_gets_an_event_while_it_is_to_leave_stays()
    {
        var order = await EndedAsync();
        await ArchivedAsync();
        var stream = await HotStream.ReadAsync(_service.Database.Events, order, Stop);
        await _service.AppendToAsync(order, RefundAsked());

        var move = new StreamMove(_service.Database.Events, order, stream.ETag);
        (await move.TryWriteAsync(stream.Stub(new ColdStream(order, 4, []), false), _ => { }, guard: 5, Stop)).ShouldBeFalse();

        (await DocumentsAsync(order)).Count.ShouldBe(6);
        (await _service.Events.FindColdAsync(order, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task An_event_after_it_left_is_read_with_it_and_leaves_in_its_turn()
    {
        var order = await EndedAsync();
        await ArchivedAsync();
        await _cold.CoolAsync(_service.Database);

        await Should.ThrowAsync<WrongExpectedVersionException>(() => _service.Events.AppendAsync(
            order, CosmosEventStore.NoStream, [Placed()], new AppendContext("test"), Stop)); // its name is still taken
        await _service.AppendToAsync(order, RefundAsked());
        (await _service.Events.ReadStreamAsync(order, Stop)).Select(e => e.Version).ShouldBe([0L, 1, 2, 3, 4, 5]);
        (await ReadFromAsync(order, 5)).ShouldBe([5L]);
        (await _cold.CoolAsync(_service.Database)).Streams.ShouldBe(0); // it is open again

        await _service.AppendToAsync(order, Refunded(), Told);
        await ArchivedAsync();
        (await _cold.CoolAsync(_service.Database)).ShouldSatisfyAllConditions(r => r.Streams.ShouldBe(1), r => r.Events.ShouldBe(3));
        (await _service.Events.FindColdAsync(order, Stop))!.LastVersion.ShouldBe(7);
        (await _service.Events.ReadStreamAsync(order, Stop)).Count.ShouldBe(8);
        (await VerifyAsync()).ShouldSatisfyAllConditions(v => v.Differences.ShouldBeEmpty(), v => v.Missing.ShouldBe(0), v => v.Archived.ShouldBe(8));
    }

    [Fact]
    public async Task A_long_order_whose_leaving_was_killed_is_read_whole_and_leaves_with_the_next_run()
    {
        var order = await LongAsync();
        var stream = await HotStream.ReadAsync(_service.Database.Events, order, Stop);
        var last = stream.Documents.Count - 1;
        await new StreamMove(_service.Database.Events, order, stream.ETag).TryWriteAsync(
            stream.Stub(new ColdStream(order, last, []), isMoving: true), _ => { }, last + 1, Stop); // and here it was killed
        (await _service.Events.ReadStreamAsync(order, Stop)).Count.ShouldBe(last + 1);

        var results = await Task.WhenAll(CoolWithoutEndpointsAsync(), CoolWithoutEndpointsAsync());

        results.Sum(r => r.Finished).ShouldBeGreaterThanOrEqualTo(1);
        (await DocumentsAsync(order)).Count(document => document.Contains("\"ttl\"")).ShouldBe(last);
        (await _service.Events.ReadStreamAsync(order, Stop)).Count.ShouldBe(last + 1);
    }

    [Fact]
    public async Task Of_runs_at_once_one_takes_an_order_out()
    {
        for (var i = 0; i < 20; i++)
            await EndedAsync();
        await ArchivedAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _cold.CoolAsync(_service.Database)));

        results.Sum(r => r.Streams).ShouldBe(20);
        (await VerifyAsync()).ShouldSatisfyAllConditions(v => v.Differences.ShouldBeEmpty(), v => v.Missing.ShouldBe(0), v => v.Archived.ShouldBe(100));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // in more than one transaction
    public async Task A_command_brings_an_order_back(bool isLong)
    {
        var order = isLong ? await LongAsync() : await EndedAsync();
        var before = await _service.Events.ReadStreamAsync(order, Stop);
        await _cold.ArchiveAsync(_service.Database);
        (await CoolWithoutEndpointsAsync()).Streams.ShouldBe(1);

        (await _cold.RestoreAsync(_service.Database, order)).ShouldBe(before.Count);

        (await _service.Events.FindColdAsync(order, Stop)).ShouldBeNull();
        (await DocumentsAsync(order)).ShouldAllBe(document => !document.Contains("\"ttl\""));
        (await _service.Events.ReadStreamAsync(order, Stop)).Select(e => Same(e)).ShouldBe(before.Select(e => Same(e)));
        (await _cold.RestoreAsync(_service.Database, order)).ShouldBe(0);
        (await VerifyAsync()).ShouldSatisfyAllConditions(v => v.Differences.ShouldBeEmpty(), v => v.Missing.ShouldBe(0));
    }

    [Fact]
    public async Task Nothing_leaves_that_an_endpoint_has_not_handled()
    {
        await EndedAsync();
        await ArchivedAsync();
        await StopAsync();
        await EndedAsync();

        var refused = await Should.ThrowAsync<CoolingException>(() => _cold.Cooling(_service.Database).RunAsync(_cold.Options, Stop));

        refused.Message.ShouldStartWith("Endpoint 'archive' has not handled event ");
        (await CoolWithoutEndpointsAsync()).Streams.ShouldBe(1);
    }

    [Fact]
    public async Task Where_the_archive_is_lost_or_not_configured_reading_says_so()
    {
        var order = await EndedAsync();
        await ArchivedAsync();
        await _cold.CoolAsync(_service.Database);

        var without = new CosmosEventStore(_service.Database.Events, OrderEvents.Map, TimeProvider.System);
        (await Should.ThrowAsync<ColdStreamException>(() => without.ReadStreamAsync(order, Stop))).Message.ShouldContain("is not configured here");
        using var elsewhere = new TemporaryDirectory();
        (await Should.ThrowAsync<ColdStreamException>(() => new ColdOrders(elsewhere.Path).Reading(_service.Database).ReadStreamAsync(order, Stop)))
            .Message.ShouldContain("There is no archive at");
    }

    private static string Same(RecordedEvent e) =>
        System.Text.Encoding.UTF8.GetString(EventDocument.Write(e with { Schema = OrderEvents.Map.Describe(e.Data).Schema }, OrderEvents.Map));

    private Task<string> EndedAsync() => _service.AppendAsync(Placed(), Taxed(), Captured(), Shipped(), Told);

    private async Task<string> LongAsync()
    {
        var order = await EndedAsync();
        for (var i = 0; i < 4; i++)
            await _service.AppendToAsync(order, [.. Enumerable.Repeat(Told, 60)]);
        await _cold.ArchiveAsync(_service.Database); // the sink takes one event of an order with each batch
        return order;
    }

    private Task ArchivedAsync() => Eventually.UntilAsync(async () => (await VerifyAsync()).Missing == 0);

    /// <summary>The archive as the event store has it, what has left read through; compared like <c>archive verify</c>.</summary>
    private async Task<ArchiveComparison> VerifyAsync()
    {
        if (await _cold.Table.FindAsync(Stop) is not { } snapshot)
            return new ArchiveComparison(0, 0, 1, []);
        var feed = new ChangeFeedReader(_service.Database.Events, OrderEvents.Map, _service.Events);
        return await new ArchiveVerification(_cold.Table, feed, OrderEvents.Map).RunAsync(snapshot, Stop);
    }

    private Task<CoolingResult> CoolWithoutEndpointsAsync() =>
        _cold.Cooling(_service.Database).RunAsync(_cold.Options with { Except = ["archive"] }, Stop);

    private async Task StopAsync()
    {
        foreach (var hosted in _service.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().Reverse())
            await hosted.StopAsync(Stop);
    }

    private Task<List<string>> DocumentsAsync(string order) => _service.Database.Events.QueryAsync(
        new QueryDefinition("SELECT * FROM c"), document => document.GetRawText(), new QueryRequestOptions { PartitionKey = new PartitionKey(order) }, Stop);

    private async Task<List<long>> ReadFromAsync(string order, long version)
    {
        var versions = new List<long>();
        await foreach (var e in _service.Events.ReadAsync(order, version, cancellationToken: Stop))
            versions.Add(e.Version);
        return versions;
    }
}
