using System.Net;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>Where an endpoint stands is shown, saved, and moved, while it runs and while it does not.</summary>
public sealed class PositionTests(Store store) : IAsyncLifetime
{
    private const int Streams = 8;

    private readonly Seen _seen = new();
    private Feed _feed = null!;
    private Container _controls = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EndpointPositions Positions => new(_feed.Leases, _controls, TimeProvider.System, _feed.Events);

    public async ValueTask InitializeAsync()
    {
        _feed = await Feed.CreateAsync(store);
        _controls = await store.CreateContainerAsync("/endpoint");
    }

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    [Fact]
    public async Task Each_partition_shows_its_number_the_events_around_it_and_how_far_it_is_behind()
    {
        var host = await StartAsync();
        await AppendAsync(0);
        await CaughtUpAsync();
        await _feed.StopAsync(host);
        await AppendAsync(1);

        var partitions = (await Positions.ReadAsync("test", Cancel))!;

        partitions.Count.ShouldBe(4);
        foreach (var p in partitions.Where(p => p.Last is not null))
        {
            p.Position.ShouldBe(p.Last!.Lsn);
            (p.Last.Version, p.Last.Type).ShouldBe((0, "ThingHappened"));
            p.Next!.Version.ShouldBe(1);
            p.Next.Lsn.ShouldBeGreaterThan(p.Last.Lsn);
            p.LagSeconds.ShouldBeInRange(0, 60);
        }

        partitions.Sum(p => p.Behind).ShouldBe(Streams);
        (await Positions.ReadAsync("nobody", Cancel)).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rewind_to_a_name_handles_again_what_came_since_and_nothing_else(bool running)
    {
        var host = await StartAsync();
        await AppendAsync(0);
        await CaughtUpAsync();
        await Positions.SaveAsync("test", "before-the-move", "ada", "the office moves", Cancel);
        await AppendAsync(1);
        await CaughtUpAsync();
        if (!running)
            await _feed.StopAsync(host);

        var plan = await MoveAsync(PositionTarget.Saved("before-the-move"));
        if (!running)
            await StartAsync();

        await SeenTimesAsync(version: 1, times: 2);
        plan.Again.Events.ShouldBe(Streams);
        plan.Again.Streams.ShouldBe(Streams);
        plan.Again.ByType.ShouldBe(new Dictionary<string, long> { ["ThingHappened"] = Streams });
        plan.Again.RequestUnits.ShouldBeGreaterThan(0);
        plan.Skipped.Events.ShouldBe(0);
        Times(0).ShouldBe(Streams);
        await AppendAsync(2); // and it goes on
        await SeenTimesAsync(version: 2, times: 1);
        (await Positions.SavedAsync("test", Cancel)).Single().Reason.ShouldBe("the office moves");
    }

    [Fact]
    public async Task A_rewind_to_a_time_begins_with_the_first_event_of_that_second()
    {
        await StartAsync();
        await AppendAsync(0);
        var second = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1;
        var within = DateTimeOffset.FromUnixTimeSeconds(second).AddMilliseconds(300);
        await Eventually.UntilAsync(() => DateTimeOffset.UtcNow > within, "the next second");
        await AppendAsync(1);
        await AppendAsync(2);
        await CaughtUpAsync();

        var plan = await MoveAsync(PositionTarget.At(within));

        plan.Again.Events.ShouldBe(2 * Streams);
        plan.Again.First!.Value.ToUnixTimeSeconds().ShouldBeGreaterThanOrEqualTo(second);
        await SeenTimesAsync(version: 2, times: 2);
        Times(1).ShouldBe(2 * Streams);
        Times(0).ShouldBe(Streams);
    }

    [Fact]
    public async Task A_rewind_to_an_event_moves_its_partition_alone()
    {
        await StartAsync();
        for (var version = 0; version < 3; version++)
            await AppendAsync(version);
        await CaughtUpAsync();
        var before = await PositionsAsync();

        var plan = await MoveAsync(PositionTarget.Event("s3", 1));

        var moved = plan.Partitions.ShouldHaveSingleItem();
        await Eventually.UntilAsync(() => _seen.VersionsOf("s3").Count() == 5, "the events of the stream");
        _seen.VersionsOf("s3").ShouldBe([0, 1, 2, 1, 2]);
        await CaughtUpAsync();
        foreach (var (lease, position) in await PositionsAsync())
            position.ShouldBe(before[lease]);
        moved.To!.Value.ShouldBeLessThan(before[moved.Lease]!.Value);
    }

    [Fact]
    public async Task A_rewind_to_the_beginning_handles_everything_again_at_two_instances()
    {
        await StartAsync();
        await StartAsync();
        await AppendAsync(0);
        await AppendAsync(1);
        await CaughtUpAsync();

        (await MoveAsync(PositionTarget.Beginning)).Again.Events.ShouldBe(2 * Streams);

        await SeenTimesAsync(version: 0, times: 2);
        await SeenTimesAsync(version: 1, times: 2);
    }

    [Fact]
    public async Task A_skip_passes_over_what_is_there_and_handles_what_comes()
    {
        var host = await StartAsync();
        await AppendAsync(0);
        await CaughtUpAsync();
        await _feed.StopAsync(host);
        await AppendAsync(1);

        var plan = await MoveAsync(PositionTarget.Now);
        await StartAsync();
        await AppendAsync(2);

        await SeenTimesAsync(version: 2, times: 1);
        plan.Skipped.Events.ShouldBe(Streams);
        plan.Again.Events.ShouldBe(0);
        Times(1).ShouldBe(0);
    }

    [Fact]
    public async Task A_time_or_an_event_never_moves_a_partition_forward()
    {
        var host = await StartAsync();
        await AppendAsync(0);
        await CaughtUpAsync();
        await _feed.StopAsync(host);
        var before = await PositionsAsync();
        await AppendAsync(1);
        var second = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1;
        await Eventually.UntilAsync(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() >= second, "the next second");

        (await MoveAsync(PositionTarget.At(DateTimeOffset.FromUnixTimeSeconds(second)))).Skipped.Events.ShouldBe(0);
        (await MoveAsync(PositionTarget.Event("s1", 1))).Skipped.Events.ShouldBe(0);

        (await PositionsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_checkpoint_that_was_under_way_when_the_position_was_moved_does_not_undo_it()
    {
        var held = new HeldCheckpoint();
        using var client = store.CreateClient(new ChangeFeedRequestHandler(), held);
        await _feed.StartAsync(_seen, client: client);
        await AppendAsync(0);
        await CaughtUpAsync();
        held.HoldNext();
        await _feed.AppendAsync("s0", 1, new ThingHappened(1));
        await held.Held.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        _seen.Before = (_, token) => Task.Delay(Timeout.Infinite, token); // so that no later checkpoint hides what this one does
        await MoveAsync(PositionTarget.Beginning);
        await Eventually.UntilAsync(
            async () => (await ProcessorTests.OwnersAsync(_feed)).All(owner => owner is not null), "the same instance has acquired the leases again");
        held.Release();

        await held.Answered.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        (await PositionsAsync())[held.Lease].ShouldBeNull();
    }

    [Fact]
    public async Task A_move_that_was_interrupted_between_two_partitions_is_completed_and_moves_no_partition_twice()
    {
        var host = await StartAsync();
        await AppendAsync(0);
        await CaughtUpAsync();
        await _feed.StopAsync(host);
        var wire = new BreaksAtLease(2);
        using var client = store.CreateClient(wire);
        var broken = new EndpointPositions(
            client.GetContainer(_feed.Leases.Database.Id, _feed.Leases.Id), _controls, TimeProvider.System, _feed.Events);
        var plan = (await Positions.PlanAsync("test", PositionTarget.Beginning, Cancel))!;

        await Should.ThrowAsync<HttpRequestException>(() => broken.MoveAsync("test", plan.Target, plan.Token, "ada", "new rates", Cancel));
        (await PositionsAsync()).Values.Count(position => position is null).ShouldBe(1 + plan.Partitions.Count(p => p.From is null));
        var other = (await Positions.PlanAsync("test", PositionTarget.Now, Cancel))!;
        (await Should.ThrowAsync<PositionException>(() => Positions.MoveAsync("test", other.Target, other.Token, "ben", "no", Cancel)))
            .Message.ShouldContain("complete it first");
        (await Positions.LastMoveAsync("test", Cancel))!.FinishedAt.ShouldBeNull();

        var done = (await Positions.MoveAsync("test", plan.Target, plan.Token, "ada", "new rates", Cancel))!;
        done.FinishedAt.ShouldNotBeNull();
        (await PositionsAsync()).Values.ShouldAllBe(position => position == null);

        await StartAsync();
        await SeenTimesAsync(version: 0, times: 2);
        await CaughtUpAsync();
        (await Positions.MoveAsync("test", plan.Target, plan.Token, "ada", "new rates", Cancel))!.At.ShouldBe(done.At);
        (await PositionsAsync()).Values.Count(position => position is null).ShouldBe(plan.Partitions.Count(p => p.From is null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_saved_position_holds_for_the_partitions_that_one_was_split_into(bool running)
    {
        var host = await StartAsync();
        await AppendAsync(0);
        await CaughtUpAsync();
        await Positions.SaveAsync("test", "mark", "ada", cancellationToken: Cancel);
        if (!running)
            await _feed.StopAsync(host); // its lease stays that of the partition before the split
        await Management.SplitAsync(store, _feed.Events, "1");
        await Management.SplitAsync(store, _feed.Events, "2");
        await AppendAsync(1);
        if (running)
            await CaughtUpAsync();

        var plan = await MoveAsync(PositionTarget.Saved("mark"));
        if (!running)
            await StartAsync();

        await SeenTimesAsync(version: 1, times: running ? 2 : 1);
        Times(0).ShouldBe(Streams);
        plan.Again.Events.ShouldBe(running ? Streams : 0);
    }

    [Fact]
    public async Task What_cannot_be_a_position_is_named()
    {
        var host = await StartAsync();
        await AppendAsync(0);
        await CaughtUpAsync();
        await _feed.StopAsync(host);

        await ProblemAsync(PositionTarget.Saved("nothing"), "name", "No position of test is saved as 'nothing'; none is saved at all.");
        await Positions.SaveAsync("test", "mark", "ada", cancellationToken: Cancel);
        await ProblemAsync(PositionTarget.Saved("nothing"), "name", "No position of test is saved as 'nothing'; there are mark.");
        await ProblemAsync(PositionTarget.At(DateTimeOffset.UtcNow.AddHours(1)), "time", "has not come yet");
        await ProblemAsync(PositionTarget.Event("s0", 7), "event", "Stream 's0' has no event 7.");
        await ProblemAsync(PositionTarget.Beginning with { Partition = "99" }, "partition", "There is no partition 99; there are ");
        (await Should.ThrowAsync<PositionException>(() => Positions.SaveAsync("test", "a/b", "ada", cancellationToken: Cancel))).Field.ShouldBe("name");
        (await Positions.PlanAsync("nobody", PositionTarget.Now, Cancel)).ShouldBeNull();
        (await Positions.SaveAsync("nobody", "mark", "ada", cancellationToken: Cancel)).ShouldBeNull();
        (await Positions.MoveAsync("test", PositionTarget.Now, "7.made-up", "ada", "why not", Cancel)).ShouldBeNull();

        async Task ProblemAsync(PositionTarget target, string field, string problem)
        {
            var e = await Should.ThrowAsync<PositionException>(() => Positions.PlanAsync("test", target, Cancel));
            (e.Field, e.Message.Contains(problem, StringComparison.Ordinal)).ShouldBe((field, true), e.Message);
        }
    }

    private Task<IHost> StartAsync() => _feed.StartAsync(_seen);

    private async Task AppendAsync(int version)
    {
        for (var stream = 0; stream < Streams; stream++)
            await _feed.AppendAsync($"s{stream}", version, new ThingHappened(version));
    }

    private async Task<PositionPlan> MoveAsync(PositionTarget target)
    {
        var plan = (await Positions.PlanAsync("test", target, Cancel))!;
        (await Positions.MoveAsync("test", target, plan.Token, "ada", "new rates", Cancel))!.FinishedAt.ShouldNotBeNull();
        return plan;
    }

    private int Times(long version) => _seen.Events.Count(e => e.Version == version);

    private Task SeenTimesAsync(long version, int times) =>
        Eventually.UntilAsync(() => Times(version) == times * Streams, $"version {version} of each stream was handled {times} times");

    private Task CaughtUpAsync() => Eventually.UntilAsync(
        async () => await Positions.ReadAsync("test", Cancel) is { Count: >= 4 } all && all.All(p => p.Next is null), "everything is checkpointed");

    private async Task<Dictionary<string, long?>> PositionsAsync() =>
        (await Positions.ReadAsync("test", Cancel))!.ToDictionary(p => p.Lease, p => p.Position);

    /// <summary>Keeps one checkpoint from leaving, as a slow network does.</summary>
    private sealed class HeldCheckpoint : RequestHandler
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<(string, string)> _seen = [];
        private int _hold;

        public Task Held => _held.Task;

        public Task Answered => _answered.Task;

        public string Lease { get; private set; } = "";

        public void HoldNext() => Volatile.Write(ref _hold, 1);

        public void Release() => _release.TrySetResult();

        public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Put || !IsCheckpointAfterTheFirst(request) || Interlocked.Exchange(ref _hold, 0) == 0)
                return await base.SendAsync(request, cancellationToken);
            Lease = Uri.UnescapeDataString(request.RequestUri.OriginalString).Split("..")[^1];
            _held.SetResult();
            await _release.Task;
            try
            {
                return await base.SendAsync(request, CancellationToken.None);
            }
            finally
            {
                _ = Task.Run(() => _answered.TrySetResult(), CancellationToken.None);
            }
        }

        // Not a renewal, which may come at any time: it says the place it read before.
        private bool IsCheckpointAfterTheFirst(RequestMessage request)
        {
            var start = request.Content.Position;
            using var json = System.Text.Json.JsonDocument.Parse(request.Content);
            request.Content.Position = start;
            var continuation = json.RootElement.GetProperty("ContinuationToken").GetString();
            lock (_seen)
                return continuation is not null && _seen.Add((request.RequestUri.OriginalString, continuation));
        }
    }

    /// <summary>A wire that breaks when the lease of that number is written.</summary>
    private sealed class BreaksAtLease(int at) : RequestHandler
    {
        private int _written;

        public override Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken) =>
            request.Method == HttpMethod.Put && Interlocked.Increment(ref _written) == at
                ? throw new HttpRequestException("The wire is cut.", null, HttpStatusCode.ServiceUnavailable)
                : base.SendAsync(request, cancellationToken);
    }
}
