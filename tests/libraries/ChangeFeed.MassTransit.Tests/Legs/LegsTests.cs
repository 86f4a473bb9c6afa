using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Tests.Processor;

namespace ChangeFeed.MassTransit.Tests.Legs;

/// <summary>Events move between two accounts while endpoints read them.</summary>
public sealed class LegsTests(Store store, OtherStore otherStore) : LegTest(store, otherStore)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Each_event_is_handled_once_and_in_the_order_of_its_stream_there_back_and_there_again(int instances)
    {
        var problems = new ConcurrentQueue<string>();
        CheckOrder(problems.Enqueue);
        var started = await StartAsync(instances);
        using var end = new CancellationTokenSource();
        var writing = WriteAsync();

        for (var turn = 2; turn <= 4; turn++)
        {
            var before = Seen.Events.Count;
            await Eventually.UntilAsync(() => Seen.Events.Count > before + 100, "the endpoint goes on");
            await SwitchAsync(started);
            await Eventually.UntilAsync(
                () => Move.Written.Any(w => w.Turn == turn && Seen.Has(w.Stream, w.Version)), $"something of turn {turn} is handled");
        }

        await end.CancelAsync();
        await writing;
        await AllSeenAsync();
        problems.ShouldBeEmpty();
        ShouldHaveSeenEachInOrder(instances);

        async Task WriteAsync()
        {
            while (!end.IsCancellationRequested)
                await Move.WriteAsync(Streams);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_quick_way_back_while_the_first_leg_is_still_read_changes_nothing_of_the_order(int instances)
    {
        var open = new TaskCompletionSource();
        var problems = new ConcurrentQueue<string>();
        CheckOrder(problems.Enqueue);
        var check = Seen.Before;
        Seen.Before = async (e, token) =>
        {
            await open.Task.WaitAsync(token);
            await check(e, token);
        };
        var started = await StartAsync(instances);
        for (var i = 0; i < 4; i++)
            await Move.WriteAsync(Streams);
        for (var turn = 2; turn <= 5; turn++)
        {
            await SwitchAsync(started);
            await Move.WriteAsync(Streams.Skip(turn)); // some streams have nothing in some turns
            await Move.WriteAsync(Streams.Take(5));
        }

        Seen.Events.ShouldBeEmpty();
        open.SetResult();
        await AllSeenAsync();
        problems.ShouldBeEmpty();
        ShouldHaveSeenEachInOrder(instances);
    }

    [Fact]
    public async Task Nobody_begins_with_the_next_leg_before_the_former_is_handled_also_after_a_kill()
    {
        var open = new TaskCompletionSource();
        var early = new ConcurrentQueue<string>();
        Seen.Before = async (e, token) =>
        {
            if (e.StreamId == "s3" && e.Version == 2)
                await open.Task.WaitAsync(token);
            if (Move.Written.First(w => w.Stream == e.StreamId && w.Version == e.Version).Turn == 2
                && Move.Written.Any(w => w.Turn == 1 && !Seen.Has(w.Stream, w.Version)))
                early.Enqueue($"{e.StreamId}/{e.Version}");
        };
        var wire = new Wire();
        var both = new Wire(wire);
        var killed = await StartAsync(wires: (both, wire));
        await Eventually.UntilAsync(async () => (await ProcessorTests.OwnersAsync(Feed)).Count(owner => owner is not null) == 4, "it has all leases");
        for (var i = 0; i < 5; i++)
            await Move.WriteAsync(Streams);
        await Eventually.UntilAsync(() => Seen.Events.Count == 57, "all but one stream");
        await SwitchAsync(killed);
        await Move.WriteAsync(Streams);
        both.Cut();
        var survivor = await StartAsync();
        await Eventually.UntilAsync(async () => (await ProcessorTests.OwnersAsync(Feed)).Distinct().Count() == 1, "the survivor has all leases");
        Seen.Events.ShouldNotContain(e => e.Version == 5);

        open.SetResult();
        await AllSeenAsync();
        early.ShouldBeEmpty();
        foreach (var stream in Streams)
            Seen.VersionsOf(stream).Distinct().ShouldBe(Enumerable.Range(0, 6).Select(v => (long)v));
    }

    [Fact]
    public async Task Who_starts_after_some_switches_reads_all_of_them_from_the_beginning_in_order()
    {
        for (var turn = 1; turn <= 4; turn++)
        {
            await Move.WriteAsync(Streams.Skip(turn * 2));
            await Move.WriteAsync(Streams.Take(6));
            if (turn < 4)
                await SwitchAsync();
        }

        await StartAsync();
        await AllSeenAsync();
        ShouldHaveSeenEachInOrder();
    }

    [Fact]
    public async Task Who_was_away_through_a_switch_and_back_goes_on_where_it_was()
    {
        var first = await StartAsync();
        await Move.WriteAsync(Streams);
        await AllSeenAsync();
        await Feed.StopAsync(first.Host);
        await Move.WriteAsync(Streams);
        await SwitchAsync();
        await Move.WriteAsync(Streams);
        await SwitchAsync();
        await Move.WriteAsync(Streams);

        await StartAsync();
        await AllSeenAsync();
        ShouldHaveSeenEachInOrder();
    }

    [Fact]
    public async Task An_instance_that_does_not_hear_of_the_switches_holds_nobody_up_and_handles_nothing_out_of_order()
    {
        var instances = await StartAsync(2);
        var (told, deaf) = (instances[0], instances[1]);
        await Move.WriteAsync(Streams);
        await AllSeenAsync();
        await SwitchAsync(told);
        await Move.WriteAsync(Streams);
        await AllSeenAsync();
        await SwitchAsync(told);
        await Move.WriteAsync(Streams);
        await AllSeenAsync();
        // Both began with the first turn, and only one with the two others: it did not come back for leases it can do nothing with.
        Feed.Log.Lines.Count(line => line.Text.Contains("reading the change feed", StringComparison.Ordinal)).ShouldBe(4);
        deaf.Route.Learn();
        await Move.WriteAsync(Streams);
        await AllSeenAsync();
        ShouldHaveSeenEachInOrder(instances: 2);
    }

    [Fact]
    public async Task A_partition_of_the_former_leg_that_is_split_meanwhile_is_read_to_its_end()
    {
        var open = new TaskCompletionSource();
        Seen.Before = (_, token) => open.Task.WaitAsync(token);
        var instance = await StartAsync();
        for (var i = 0; i < 4; i++)
            await Move.WriteAsync(Streams);
        await SwitchAsync(instance);
        foreach (var range in (string[])["0", "1", "2", "3"])
            await Management.SplitAsync(Store, Feed.Events, range);
        await Move.WriteAsync(Streams);
        open.SetResult();
        await AllSeenAsync();
        await SwitchAsync(instance);
        await Move.WriteAsync(Streams);
        await AllSeenAsync();
        ShouldHaveSeenEachInOrder();
    }

    [Fact]
    public async Task Once_there_is_no_way_back_who_came_over_goes_on_and_who_is_new_begins_with_what_is_there()
    {
        var old = await StartAsync();
        await Move.WriteAsync(Streams);
        await SwitchAsync(old);
        await Move.WriteAsync(Streams);
        await AllSeenAsync();
        await Feed.StopAsync(old.Host);
        await Move.WriteAsync(Streams);

        await StartAsync(learn: Released);
        await AllSeenAsync();
        ShouldHaveSeenEachInOrder();

        static FeedRoute Released(FeedRoute route) => route with { Former = null, Serving = route.Serving with { CarriedIn = null, Since = null } };
    }

    [Fact]
    public async Task Who_did_not_come_over_while_there_was_a_way_says_so_and_handles_nothing()
    {
        await SwitchAsync();
        var away = await StartAsync();
        await Move.WriteAsync(Streams);
        await AllSeenAsync();
        await Feed.StopAsync(away.Host);
        await SwitchAsync();
        await Move.WriteAsync(Streams);

        await StartAsync(learn: route => route with { Former = null });
        await Eventually.UntilAsync(
            () => Feed.Log.Lines.Any(l => l.Exception?.Message.Contains("has not read turn 2 of 'move' to its end", StringComparison.Ordinal) == true),
            "it says so");
        Seen.Events.Count.ShouldBe(Streams.Length);
    }
}
