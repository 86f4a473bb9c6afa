using System.Text.Json.Nodes;
using ChangeFeed.MassTransit.Rider;
using ChangeFeed.MassTransit.Tests.Processor;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.MassTransit.Tests.Legs;

/// <summary>What operators see and do while events move.</summary>
public sealed class LegOperationTests(Store store, OtherStore otherStore) : LegTest(store, otherStore)
{
    [Fact]
    public async Task A_stream_that_was_parked_on_the_former_leg_waits_on_the_next_and_is_replayed_as_it_stands_there()
    {
        var broken = true;
        Seen.Before = (e, _) => Volatile.Read(ref broken) && e is { StreamId: "s1", Version: 1 }
            ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        var letters = await Store.CreateContainerAsync("/endpoint");
        var instance = await StartAsync(feed => feed.DeadLetters(_ => letters));
        await Move.WriteAsync("s1", "s1", "s2");
        await SwitchAsync(instance);
        await Move.WriteAsync("s1", "s2");
        await Eventually.UntilAsync(() => Seen.Has("s2", 1), "the other stream goes on, on the next leg");
        var client = new DeadLetterClient(letters, TimeProvider.System);
        await Eventually.UntilAsync(async () => (await client.LettersAsync("test", "s1", Cancel)).Count == 2, "the stream waits");

        await RepairAsync("s1", 1, 100);
        Volatile.Write(ref broken, false);
        await client.ReplayAsync("test", "s1", by: "ada", cancellationToken: Cancel);
        await Eventually.UntilAsync(() => Seen.Has("s1", 2), "the stream goes on");
        ShouldHaveSeenEachInOrder();
        Seen.Events.Single(e => e is { StreamId: "s1", Version: 1 }).Data.ShouldBe(new ThingHappened(100));
    }

    [Fact]
    public async Task What_waits_on_the_next_leg_counts_as_lag_and_alarms_nobody()
    {
        var open = new TaskCompletionSource();
        Seen.Before = (_, token) => open.Task.WaitAsync(token);
        var instance = await StartAsync(settings: values => values["ChangeFeed:LagInterval"] = "00:00:00.200");
        await Move.WriteAsync(Streams);
        await SwitchAsync(instance);
        await Move.WriteAsync(Streams);
        var endpoint = instance.Host.Services.GetRequiredService<FeedEndpoints>().All.Single();
        var waiting = await Eventually.GetAsync(
            () => Task.FromResult(endpoint.Lag?.Partitions.SingleOrDefault(p => p.Lease == "turn 2")), lag => lag is { Behind: 12 },
            what: "the lag of the next leg");
        waiting.ShouldNotBeNull().StuckFor.ShouldBe(TimeSpan.Zero);
        endpoint.Lag!.Partitions.Where(p => p.Lease != "turn 2").Sum(p => p.Behind).ShouldBeGreaterThan(0);

        open.SetResult();
        await AllSeenAsync();
        await Eventually.UntilAsync(() => endpoint.Lag?.Partitions is { Count: > 0 } all && all.All(p => p.Behind == 0), "nothing waits");
    }

    [Fact]
    public async Task Positions_are_of_the_leg_that_is_read_and_moved_only_where_it_serves()
    {
        var open = new TaskCompletionSource();
        Seen.Before = (_, token) => open.Task.WaitAsync(token);
        var instance = await StartAsync();
        var controls = await Store.CreateContainerAsync("/endpoint");
        var positions = new EndpointPositions(Feed.Leases, controls, TimeProvider.System, instance.Route);
        await Move.WriteAsync(Streams);
        await Eventually.UntilAsync(
            async () => await positions.SaveAsync("test", "before", "ada", cancellationToken: Cancel) is { Partitions.Count: 4 }, "it has its leases");
        await SwitchAsync(instance);
        await Move.WriteAsync(Streams);
        (await positions.ReadAsync("test", Cancel)).ShouldNotBeNull().Sum(p => p.Behind).ShouldBeGreaterThan(0);
        var endpoints = new EndpointDirectory(Feed.Leases, instance.Route);
        (await endpoints.ReadAsync(Cancel)).Select(e => (e.Name, e.Turn)).ShouldBe([("test", 1L)]);
        (await Should.ThrowAsync<PositionException>(() => positions.PlanAsync("test", PositionTarget.Beginning, Cancel)))
            .Message.ShouldContain("move it when it has come to the one that serves");

        open.SetResult();
        await AllSeenAsync();
        await Eventually.UntilAsync(
            async () => (await positions.ReadAsync("test", Cancel))!.All(p => p is { Behind: 0, Position: not null }), "all is checkpointed");
        (await Should.ThrowAsync<PositionException>(() => positions.PlanAsync("test", PositionTarget.Saved("before"), Cancel)))
            .Message.ShouldContain("says nothing of the one it reads now");
        var plan = (await positions.PlanAsync("test", PositionTarget.Beginning, Cancel)).ShouldNotBeNull();
        await positions.MoveAsync("test", PositionTarget.Beginning, plan.Token, "ada", "once more", Cancel);
        await Eventually.UntilAsync(() => Seen.Events.Count == 3 * Streams.Length, "what was written on this leg comes again");
        Seen.Events.Skip(2 * Streams.Length).ShouldAllBe(e => e.Version == 1);
        (await endpoints.ReadAsync(Cancel)).Select(e => (e.Name, e.Turn)).ShouldBe([("test", 2L)]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task RepairAsync(string stream, long version, int number)
    {
        var key = new PartitionKeyBuilder().Add(stream[^1..]).Add(stream).Build();
        var id = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var found = await Move.There.ReadItemStreamAsync(id, key, cancellationToken: Cancel);
        var json = JsonNode.Parse(found.Content)!;
        json["data"]!["number"] = number;
        using var body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
        using var replaced = await Move.There.ReplaceItemStreamAsync(body, id, key, cancellationToken: Cancel);
        replaced.EnsureSuccessStatusCode();
    }
}
