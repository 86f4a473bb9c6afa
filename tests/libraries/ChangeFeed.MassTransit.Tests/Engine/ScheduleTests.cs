using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChangeFeed.MassTransit.Tests.Engine;

/// <summary>
/// Random schedules of parallel streams, slow and failing events, lost leases, pauses and restarts, against what must hold whatever
/// happens: nothing is lost, a stream's events are handled one at a time and in order, no checkpoint passes an unfinished event.
/// </summary>
public sealed class ScheduleTests
{
    public enum Disturbance
    {
        LoseLease,
        Restart,
        Crash,
        Pause,
    }

    public sealed record Schedule(
        int Partitions, int[] Streams, int PageSize, int Concurrency, int MaxInFlight, bool Overlap, (int After, Disturbance What)[] Disturbances,
        int[] Failing, int Seed);

    public static Arbitrary<Schedule> Schedules() => (
        from partitions in Gen.Choose(1, 3)
        from streams in Gen.NonEmptyListOf(Gen.Choose(0, 6))
        from pageSize in Gen.Choose(1, 12)
        from concurrency in Gen.Choose(1, 5)
        from maxInFlight in Gen.Choose(0, 12)
        from overlap in Gen.Elements(true, true, false)
        from disturbances in Gen.ListOf(Gen.Choose(0, 60).SelectMany(_ => Gen.Elements(Enum.GetValues<Disturbance>()), (after, what) => (after, what)))
        from failing in Gen.ListOf(Gen.Choose(0, 40))
        from seed in Gen.Choose(0, int.MaxValue)
        select new Schedule(
            partitions, [.. streams], pageSize, concurrency, maxInFlight, overlap, [.. disturbances.Take(4).OrderBy(d => d.after)], [.. failing.Take(5)],
            seed)).ToArbitrary();

    [ScheduleProperty(250, EndSize = 60, Arbitrary = [typeof(ScheduleTests)])]
    public async Task Whatever_happens_nothing_is_lost_order_is_kept_and_no_checkpoint_jumps_a_gap(Schedule schedule)
    {
        var feed = new InMemoryFeed(schedule.Partitions);
        var model = new Model(schedule.Failing, schedule.Seed);
        feed.Checkpointed = model.OnCheckpoint;
        var versions = new Dictionary<int, int>();
        foreach (var stream in schedule.Streams)
        {
            var version = versions[stream] = versions.GetValueOrDefault(stream, -1) + 1;
            feed.Append(stream % schedule.Partitions, TestEvents.Document($"s{stream}", version, new ThingHappened(version)));
        }

        var random = new Random(schedule.Seed);
        var limit = new StreamLimit();
        var (engine, source) = await StartAsync();
        foreach (var (after, what) in schedule.Disturbances)
        {
            await Eventually.UntilAsync(() => model.Started >= after || feed.IsCheckpointedToTheEnd(), $"{after} events started");
            switch (what)
            {
                case Disturbance.LoseLease:
                    source.LoseLease(random.Next(schedule.Partitions));
                    break;
                case Disturbance.Pause:
                    limit.Set(random.Next(2));
                    await Task.Yield();
                    limit.Set(int.MaxValue);
                    break;
                case Disturbance.Restart:
                    using (var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(random.Next(2))))
                        await engine.StopAsync(deadline.Token);
                    await source.StopAsync();
                    (engine, source) = await StartAsync();
                    break;
                case Disturbance.Crash:
                    await source.StopAsync();
                    (engine, source) = await StartAsync();
                    break;
            }
        }

        await Eventually.UntilAsync(feed.IsCheckpointedToTheEnd, $"everything is checkpointed ({model.Error})");
        await engine.StopAsync(TestContext.Current.CancellationToken);
        await source.StopAsync();
        model.Error.ShouldBeNull();
        model.Finished.ShouldBe(schedule.Streams.Length);

        async Task<(EndpointEngine Engine, InMemorySource Source)> StartAsync()
        {
            var started = new EndpointEngine("test", model, limit = new StreamLimit(), TimeProvider.System, NullLogger.Instance);
            var from = new InMemorySource(feed, [.. Enumerable.Range(0, schedule.Partitions)], () => schedule.PageSize);
            started.Open(new SessionLimits(schedule.Concurrency, schedule.Overlap ? schedule.MaxInFlight : 0, TimeSpan.FromMilliseconds(random.Next(2))));
            await from.StartAsync(started, CancellationToken.None);
            return (started, from);
        }
    }

    /// <summary>What must hold, checked while it happens.</summary>
    private sealed class Model(int[] failing, int seed) : IEventHandling
    {
        private readonly Lock _lock = new();
        private readonly Random _random = new(seed);
        private readonly HashSet<string> _running = [];
        private readonly HashSet<(string, long)> _finished = [];

        public string? Error { get; private set; }

        public int Started { get; private set; }

        public int Finished
        {
            get { lock (_lock) return _finished.Count; }
        }

        public void OnCheckpoint(int partition, IReadOnlyList<System.Text.Json.JsonElement> before)
        {
            lock (_lock)
            {
                foreach (var item in before.Select(document => FeedItem.Read("", document)).Where(item => !_finished.Contains((item.Stream, item.Version))))
                    Error ??= $"partition {partition} was checkpointed past {item.Stream}/{item.Version}, which is not finished";
            }
        }

        public Task PrepareAsync(string lease, CancellationToken cancellationToken) => Task.CompletedTask;

        public void Saw(FeedItem item)
        {
        }

        public bool Wants(FeedItem item) => true;

        public void Forget(string lease)
        {
        }

        public async Task<TimeSpan?> HandleAsync(FeedItem item, CancellationToken cancellationToken)
        {
            int steps;
            bool fails;
            lock (_lock)
            {
                if (!_running.Add(item.Stream))
                    Error ??= $"{item.Stream} ran twice at once";
                for (long version = 0; version < item.Version; version++)
                    if (!_finished.Contains((item.Stream, version)))
                        Error ??= $"{item.Stream}/{item.Version} was handled before version {version}";
                steps = _random.Next(4);
                fails = failing.Contains(Started++);
            }

            try
            {
                for (var step = 0; step < steps; step++)
                {
                    if (steps == 3)
                        await Task.Delay(1, cancellationToken);
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            catch (OperationCanceledException)
            {
                lock (_lock)
                    _running.Remove(item.Stream);
                throw;
            }

            lock (_lock)
            {
                _running.Remove(item.Stream);
                if (fails)
                    return TimeSpan.FromMilliseconds(1);
                _finished.Add((item.Stream, item.Version));
                return null;
            }
        }
    }
}
