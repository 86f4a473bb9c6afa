using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.DeadLetters;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChangeFeed.MassTransit.Tests.Engine;

/// <summary>
/// Random schedules of poison events, replays, discards, lost leases and restarts. Whatever happens: an event is handed over only after
/// all before it in its stream are handled or discarded, never two of a stream at once, and when all is repaired and replayed nothing
/// waits and everything but the discarded was handled. With a kill switch, which trips meanwhile, and events that fail for good, or hang
/// until their lease goes: it is closed again in the end.
/// </summary>
public sealed class ParkingScheduleTests
{
    public enum Step
    {
        Replay,
        Discard,
        LoseLease,
        Restart,
        Repair,
    }

    public sealed record Schedule(
        int Streams, int Versions, int[] Poison, int[] Hopeless, int[] Hanging, Step[] Steps, int Concurrency, int? TripsAt, int Seed);

    public static Arbitrary<Schedule> Schedules() => (
        from streams in Gen.Choose(1, 4)
        from versions in Gen.Choose(1, 6)
        from poison in Gen.ListOf(Gen.Choose(0, 23))
        from hopeless in Gen.ListOf(Gen.Choose(0, 23))
        from hanging in Gen.ListOf(Gen.Choose(0, 23))
        from steps in Gen.ListOf(Gen.Elements(Enum.GetValues<Step>()))
        from concurrency in Gen.Choose(1, 4)
        from tripsAt in Gen.Choose(0, 3)
        from seed in Gen.Choose(0, int.MaxValue)
        select new Schedule(
            streams, versions, [.. poison.Take(6)], [.. hopeless.Take(2)], [.. hanging.Take(1)], [.. steps.Take(8)], concurrency,
            tripsAt == 0 ? null : tripsAt, seed)).ToArbitrary();

    [ScheduleProperty(150, EndSize = 40, Arbitrary = [typeof(ParkingScheduleTests)])]
    public async Task Whatever_happens_a_parked_stream_keeps_its_order_and_loses_nothing(Schedule schedule)
    {
        var random = new Random(schedule.Seed);
        var store = new InMemoryDeadLetters(new Random(schedule.Seed + 1));
        var consumers = new Consumers(schedule, store);
        var feed = new InMemoryFeed(2);
        for (var version = 0; version < schedule.Versions; version++)
            for (var stream = 0; stream < schedule.Streams; stream++)
                feed.Append(stream % 2, TestEvents.Document($"s{stream}", version, new ThingHappened((stream * schedule.Versions) + version)));

        var killSwitch = schedule.TripsAt is { } minimum ? new KillSwitchSettings(0.3, minimum, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(3)) : null;
        EndpointGate gate = null!;
        var (engine, source, runner) = await StartAsync();
        foreach (var step in schedule.Steps)
        {
            var stream = random.Next(schedule.Streams);
            switch (step)
            {
                case Step.Replay or Step.Discard:
                    await AskAsync(stream, step == Step.Replay ? DeadLetterAction.Replay : DeadLetterAction.Discard);
                    break;
                case Step.LoseLease:
                    source.LoseLease(stream % 2);
                    break;
                case Step.Restart:
                    await engine.StopAsync(TestContext.Current.CancellationToken);
                    await source.StopAsync();
                    (engine, source, runner) = await StartAsync();
                    break;
                case Step.Repair:
                    consumers.Repaired = true;
                    break;
            }

            for (var i = random.Next(20); i > 0; i--)
                await Task.Yield();
        }

        await Eventually.UntilAsync(feed.IsCheckpointedToTheEnd, $"everything is handled or put aside, without being repaired ({consumers.Error})");
        consumers.Repaired = true;
        var asked = new PartitionSession?[schedule.Streams];
        await Eventually.UntilAsync(AllAreFreeAsync, $"all streams are free ({consumers.Error})");
        for (long version = schedule.Versions; gate.State != KillSwitchState.Closed; version++)
        {
            version.ShouldBeLessThan(schedule.Versions + 50, "the kill switch recovers");
            feed.Append(0, TestEvents.Document("healthy", version - schedule.Versions, new ThingHappened(1000)));
            await Eventually.UntilAsync(() => gate.State == KillSwitchState.Closed || feed.IsCheckpointedToTheEnd(), "a healthy event is handled");
        }

        await engine.StopAsync(TestContext.Current.CancellationToken);
        await source.StopAsync();

        consumers.Error.ShouldBeNull();
        store.All.OfType<DeadLetter>().ShouldAllBe(letter => letter.Status != DeadLetterStatus.Waiting);
        for (var stream = 0; stream < schedule.Streams; stream++)
            for (var version = 0; version < schedule.Versions; version++)
                consumers.IsSettled($"s{stream}", version).ShouldBeTrue($"s{stream}/{version}");

        async Task<(EndpointEngine, InMemorySource, RequestRunner)> StartAsync()
        {
            var parking = new Parking("test", store, new ChangeFeedOptions(), TimeProvider.System);
            var limit = new StreamLimit();
            gate = new EndpointGate("test", killSwitch, limit, TimeProvider.System, NullLogger.Instance);
            var handling = new EventHandling(
                "test", FailurePolicy.Park, TestEvents.Map, consumers, parking, gate, new EndpointStatus(TimeProvider.System),
                TimeSpan.FromMinutes(1), TimeProvider.System, NullLogger.Instance);
            var started = new EndpointEngine("test", handling, limit, TimeProvider.System, NullLogger.Instance);
            started.Open(new SessionLimits(schedule.Concurrency, 20, TimeSpan.Zero));
            var from = new InMemorySource(feed, [0, 1], () => 1 + random.Next(5));
            await from.StartAsync(started, CancellationToken.None);
            return (started, from,
                new RequestRunner(
                    store, parking, (letter, token) => handling.ReplayAsync(FeedItem.Read("replay", letter.Document), token), TimeProvider.System));
        }

        // As the watcher does: what was asked of a session that has ended is asked of the next one.
        async Task<bool> AllAreFreeAsync()
        {
            for (var stream = 0; stream < schedule.Streams; stream++)
                if (asked[stream]?.HasEnded ?? true)
                    asked[stream] = await AskAsync(stream, DeadLetterAction.Replay);
            return store.All.OfType<ParkedStream>().All(s => s.Status == ParkedStreamStatus.Free);
        }

        async Task<PartitionSession> AskAsync(int stream, DeadLetterAction action)
        {
            var request = new DeadLetterRequest
            {
                Id = DeadLetterId.Request(),
                Endpoint = "test",
                StreamId = $"s{stream}",
                Action = action,
                By = "test",
                Reason = "test",
                At = DateTimeOffset.UtcNow,
            };
            store.Create(request);
            while (true)
            {
                PartitionSession? session = null;
                await Eventually.UntilAsync(() => (session = engine.Find($"{stream % 2}")) is { HasEnded: false }, "the partition has an owner");
                var with = runner;
                try
                {
                    await session!.RunInStreamAsync(request.StreamId, async token =>
                    {
                        await with.RunAsync(request, token);
                        return null;
                    });
                    return session;
                }
                catch (OperationCanceledException) when (session!.HasEnded)
                {
                    // It lost its lease at that moment.
                }
            }
        }
    }

    /// <summary>Consumers that fail on poison until repaired, and check what must hold.</summary>
    private sealed class Consumers(Schedule schedule, InMemoryDeadLetters letters) : IEventDispatcher
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _running = [];
        private readonly HashSet<(string, long)> _handled = [];

        public volatile bool Repaired;

        public string? Error { get; private set; }

        public bool Wants(Type type) => true;

        public bool IsSettled(string stream, long version)
        {
            lock (_lock)
                return _handled.Contains((stream, version))
                    || letters.All.OfType<DeadLetter>().Any(l => l.StreamId == stream && l.Version == version && l.Status == DeadLetterStatus.Discarded);
        }

        public async Task<DispatchResult> DispatchAsync(RecordedEvent e, FeedDelivery delivery, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                if (!_running.Add(e.StreamId))
                    Error ??= $"{e.StreamId} ran twice at once";
                for (long version = 0; version < e.Version; version++)
                    if (!IsSettled(e.StreamId, version))
                        Error ??= $"{e.StreamId}/{e.Version} was handed over before version {version} was settled";
            }

            try
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                var number = ((ThingHappened)e.Data).Number;
                if (!Repaired && schedule.Hanging.Contains(number))
                    await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken); // longer than the pause of the switch
                if (!Repaired && schedule.Hopeless.Contains(number))
                    return new DispatchResult(new InvalidOperationException("hopeless"), 1, IsPermanent: true);
                if (!Repaired && schedule.Poison.Contains(number))
                    return new DispatchResult(new InvalidOperationException("poison"), 1);
                lock (_lock)
                    _handled.Add((e.StreamId, e.Version));
                return new DispatchResult(null, 1);
            }
            finally
            {
                lock (_lock)
                    _running.Remove(e.StreamId);
            }
        }
    }
}
