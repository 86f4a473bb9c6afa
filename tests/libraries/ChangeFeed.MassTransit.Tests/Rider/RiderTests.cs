using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ChangeFeed.MassTransit.Tests.Support;
using ChangeFeed.EventStore;

namespace ChangeFeed.MassTransit.Tests.Rider;

public sealed class RiderTests
{
    private readonly InMemoryFeed _feed = new(4);
    private readonly Seen _seen = new();

    [Fact]
    public async Task A_consumer_gets_its_event_with_stream_version_and_origin()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>());
        var cause = Guid.NewGuid();

        _feed.Append(TestEvents.Document(TestEvents.Record("order-1", 3, new ThingHappened(7), cause: cause)));

        var recorded = await _seen.NextAsync();
        recorded.StreamId.ShouldBe("order-1");
        recorded.Version.ShouldBe(3);
        recorded.Data.ShouldBe(new ThingHappened(7));
        recorded.Meta.CausationId.ShouldBe(cause);
    }

    [Fact]
    public async Task A_consumer_of_recorded_events_gets_every_event()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<EverythingConsumer>());

        _feed.Append(0, TestEvents.Document("a", 0, new ThingHappened(1)), TestEvents.Document("a", 1, new OtherHappened("x")), TestEvents.Document("a", 2, new NobodyCares(2)));

        (await _seen.NextAsync()).Data.ShouldBe(new ThingHappened(1));
        (await _seen.NextAsync()).Data.ShouldBe(new OtherHappened("x"));
        (await _seen.NextAsync()).Data.ShouldBe(new NobodyCares(2));
    }

    [Fact]
    public async Task A_consumer_of_an_interface_gets_the_events_that_implement_it()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<InterfaceConsumer>());

        _feed.Append(0, TestEvents.Document("a", 0, new NobodyCares(1)), TestEvents.Document("a", 1, new OtherHappened("x")));

        (await _seen.NextAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task What_no_consumer_wants_is_checkpointed_without_being_bound()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>());

        _feed.Append(0, TestEvents.Parse("""{"streamId":"a","version":0,"type":"NobodyCares","schema":1,"data":"not what it should be","meta":{}}"""));

        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        _seen.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Retry_tries_again_and_then_succeeds()
    {
        _seen.FailFirst = 3;
        await using var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.Retry(r => r.Intervals(1, 1, 1));
        });

        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(1)));

        await _seen.NextAsync();
        _seen.Attempts.ShouldBe(4);
    }

    [Fact]
    public async Task An_event_that_keeps_failing_is_parked_with_the_number_of_attempts_and_its_stream_waits_behind_it()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.StreamId == "bad";
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.Intervals(1, 1));
            },
            parking);

        _feed.Append(0, Things("bad", 2));
        _feed.Append(0, Things("good", 2));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.ShouldBe([("bad", 0, "poison", 3), ("bad", 1, null, 0)]);
    }

    [Fact]
    public async Task An_event_that_fails_for_good_is_parked_at_the_first_attempt()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.StreamId == "bad";
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.Intervals(1, 1));
                e.PermanentFailure<InvalidOperationException>();
            },
            parking);

        _feed.Append(0, Things("bad", 1));

        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.ShouldBe([("bad", 0, "poison", 1)]);
        _seen.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Forty_events_that_fail_for_good_neither_trip_the_kill_switch_nor_stop_the_others()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.StreamId.StartsWith("bad");
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.PermanentFailure<InvalidOperationException>();
            },
            parking);

        for (var i = 0; i < 40; i++)
            _feed.Append(i % 4, Things($"bad{i}", 1));
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.Count.ShouldBe(40);
        rider.Log.Lines.ShouldNotContain(line => line.Text.Contains("kill switch"));
    }

    [Fact]
    public async Task Events_that_always_fail_are_parked_as_they_fail_their_probes_and_the_switch_recovers()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.StreamId.StartsWith("bad");
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.None());
                e.KillSwitch = new KillSwitchSettings(0.5, 5, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(20));
            },
            parking);

        for (var i = 0; i < 40; i++)
            _feed.Append(i % 4, Things($"bad{i}", 1));
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "all are parked");
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(() => rider.Endpoint.Gate.State == KillSwitchState.Closed, "it is closed");
        parking.Letters.Count.ShouldBe(40);
        rider.Log.Lines.Count(line => line.Text.Contains("kill switch tripped")).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task With_skip_the_later_events_of_the_stream_go_on()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.Version == 0;
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.None());
                e.OnFailure = FailurePolicy.Skip;
            },
            parking);

        _feed.Append(0, Things("bad", 2));

        (await _seen.NextAsync()).Version.ShouldBe(1);
        parking.Letters.ShouldBe([("bad", 0, "poison", 1)]);
    }

    [Fact]
    public async Task With_block_nothing_passes_the_event_until_it_succeeds()
    {
        _seen.Poison = e => e.StreamId == "bad" && !_seen.Repaired;
        await using var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.Retry(r => r.None());
            e.OnFailure = FailurePolicy.Block;
        });

        _feed.Append(0, Things("bad", 2));
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(() => rider.Log.Lines.Any(l => l.Level == LogLevel.Error && l.Text.Contains("blocked on event bad/0")), "it says so");
        _feed.CheckpointOf(0).ShouldBe(0);

        _seen.Repaired = true;
        (await _seen.NextAsync()).Version.ShouldBe(0);
        (await _seen.NextAsync()).Version.ShouldBe(1);
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
    }

    [Theory]
    [InlineData("""{"streamId":"bad","version":0,"type":"ThingHappened","schema":1,"data":{"wrong":true},"meta":{"eventId":"6b0f6f0e-6a0b-4f0a-9c37-111111111111","at":"2026-01-01T00:00:00Z","by":"t","correlationId":"c"}}""")]
    [InlineData("""{"streamId":"bad","version":0,"type":"ThingHappened","schema":9,"data":{"number":1},"meta":{"eventId":"6b0f6f0e-6a0b-4f0a-9c37-111111111111","at":"2026-01-01T00:00:00Z","by":"t","correlationId":"c"}}""")]
    [InlineData("""{"streamId":"bad","version":0,"type":"ThingHappened","schema":1,"data":{"number":1},"meta":7}""")]
    [InlineData("""{"id":"x","_rid":"abc","hello":"world"}""")]
    [InlineData("""[1,2]""")]
    public async Task A_document_that_is_no_valid_event_is_parked_at_once_and_stops_nobody(string garbage)
    {
        var parking = new InMemoryParking();
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>(), parking);

        _feed.Append(0, TestEvents.Parse(garbage));
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.Single().Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_consumer_logs_carries_the_event_and_its_stream()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<TalkingConsumer>(), new InMemoryParking());

        _feed.Append(0, Things("talk", 1).Single());

        await Eventually.UntilAsync(() => rider.Log.Lines.Any(line => line.Text == "handled"), "the consumer's own line");
        rider.Log.Lines.First(line => line.Text == "handled").Scope
            .ShouldBe("ThingHappened at version 0 of stream talk");
    }

    [Fact]
    public async Task An_unknown_type_is_passed_over()
    {
        var parking = new InMemoryParking();
        await using var rider = await StartAsync(e => e.AddConsumer<EverythingConsumer>(), parking);

        _feed.Append(0, TestEvents.Parse("""{"streamId":"a","version":0,"type":"FromElsewhere","schema":1}"""));

        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.ShouldBeEmpty();
        rider.Log.Lines.ShouldContain(l => l.Level == LogLevel.Debug && l.Text.Contains("FromElsewhere"));
    }

    [Fact]
    public async Task The_span_of_a_consumer_is_a_child_of_the_span_that_appended_the_event()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ChangeFeedTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>());
        var trace = ActivityTraceId.CreateRandom();
        var span = ActivitySpanId.CreateRandom();

        _feed.Append(TestEvents.Document(TestEvents.Record("a", 0, new ThingHappened(1), traceParent: $"00-{trace}-{span}-01")));

        await _seen.NextAsync();
        var process = _seen.Activity.ShouldNotBeNull();
        process.DisplayName.ShouldBe("process test");
        process.Kind.ShouldBe(ActivityKind.Consumer);
        process.TraceId.ShouldBe(trace);
        process.ParentSpanId.ShouldBe(span);
        process.GetTagItem(EventStoreTelemetry.StreamId).ShouldBe("a");
        process.GetTagItem(EventStoreTelemetry.EventType).ShouldBe(nameof(ThingHappened));
        process.GetTagItem(EventStoreTelemetry.EventVersion).ShouldBe(0L);
        await Eventually.UntilAsync(() => process.GetTagItem(ChangeFeedTelemetry.Outcome) is "handled", "its outcome");
    }

    [Fact]
    public async Task The_message_has_the_identities_of_the_event_and_can_be_published_from()
    {
        await using var rider = await StartAsync(
            e => e.AddConsumer<PublishingConsumer>(),
            feed: f => f.Bus(bus =>
            {
                bus.AddConsumer<NoticeConsumer>();
                bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            }));
        var stream = Guid.NewGuid().ToString();
        var e = TestEvents.Record(stream, 0, new ThingHappened(5));

        _feed.Append(TestEvents.Document(e));

        await Eventually.UntilAsync(() => _seen.Notices.Count == 1, "the notice");
        var notice = _seen.Notices.Single();
        notice.Number.ShouldBe(5);
        notice.MessageId.ShouldBe(e.Meta.EventId);
        notice.ConversationId.ShouldBe(Guid.Parse(stream));
    }

    [Fact]
    public async Task What_is_published_because_of_an_event_has_the_same_id_at_every_delivery_and_attempt()
    {
        _seen.FailFirst = 1; // the first attempt publishes, then fails
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<PublishingConsumer>();
                e.Retry(r => r.Immediate(1));
            },
            feed: f => f.Bus(bus =>
            {
                bus.AddConsumer<NoticeConsumer>();
                bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            }));
        var document = TestEvents.Document("a", 0, new ThingHappened(5));

        _feed.Append(0, document, document, TestEvents.Document("b", 0, new ThingHappened(6)));

        await Eventually.UntilAsync(() => _seen.Notices.Count == 4, "three deliveries, one of them twice");
        _seen.Notices.Where(n => n.Number == 5).Select(n => n.PublishedId).Distinct().Count().ShouldBe(1);
        _seen.Notices.Select(n => n.PublishedId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task The_instruments_tell_what_was_handled_and_how_it_stands()
    {
        var measured = new ConcurrentQueue<string>(); // other tests run beside this one, so more may be seen
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == ChangeFeedTelemetry.MeterName)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue(Text(instrument.Name, tags)));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => measured.Enqueue($"{Text(instrument.Name, tags)} {value}"));
        listener.Start();
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>());

        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(1)));
        await _seen.NextAsync();
        await Eventually.UntilAsync(() => measured.Any(m => m.StartsWith("messaging.process.duration")), "the duration");
        listener.RecordObservableInstruments();

        measured.ShouldContain("messaging.process.duration messaging.system=azure_cosmosdb messaging.operation.name=process messaging.destination.name=test eventstore.event.type=ThingHappened");
        measured.ShouldContain("changefeed.event.age messaging.destination.name=test eventstore.event.type=ThingHappened");
        measured.ShouldContain("changefeed.leases.owned messaging.destination.name=test 4");
        measured.ShouldContain("changefeed.kill_switch.state messaging.destination.name=test 0");
        foreach (var name in new[] { "changefeed.events.in_flight", "changefeed.streams.parked", "changefeed.events.blocking", "changefeed.endpoint.paused" })
            measured.ShouldContain(m => m.StartsWith(name));

        static string Text(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Prepend(name));
    }

    [Fact]
    public async Task The_endpoint_starts_with_back_off_while_the_store_is_not_there_and_health_follows()
    {
        var failures = 2;
        await using var rider = await StartAsync(
            e => e.AddConsumer<ThingConsumer>(),
            source: () => new InMemorySource(_feed) { Starting = () => failures-- > 0 ? throw new TimeoutException("no store") : Task.CompletedTask });
        var health = rider.Host.Services.GetRequiredService<HealthCheckService>();

        (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status.ShouldBe(HealthStatus.Unhealthy);
        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(1)));
        await _seen.NextAsync();
        (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status.ShouldBe(HealthStatus.Healthy);
        rider.Log.Lines.Count(l => l.Level == LogLevel.Warning && l.Text.Contains("could not be started")).ShouldBe(2);
    }

    [Fact]
    public async Task Stopping_waits_for_the_event_being_handled_and_checkpoints_only_what_is_finished()
    {
        var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.ConcurrentStreams = 1;
        });
        _seen.Hold = new TaskCompletionSource();
        _feed.Append(0, TestEvents.Document("a", 0, new ThingHappened(0)));
        await Eventually.UntilAsync(() => _seen.Attempts == 1, "the first is being handled");
        _feed.Append(0, TestEvents.Document("b", 0, new ThingHappened(1)));

        var stopping = rider.StopAsync();
        _seen.Hold.SetResult();
        await stopping;

        _seen.Count.ShouldBeGreaterThan(0);
        _feed.CheckpointOf(0).ShouldBe(_seen.Count);
        await rider.DisposeAsync();
    }

    [Fact]
    public async Task A_handler_that_hangs_is_told_at_the_deadline_and_its_event_comes_again_after_the_restart()
    {
        var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>());
        _seen.Hold = new TaskCompletionSource();
        _feed.Append(0, TestEvents.Document("a", 0, new ThingHappened(0)));
        await Eventually.UntilAsync(() => _seen.Attempts == 1, "it is being handled");

        await rider.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await Eventually.UntilAsync(() => _seen.Cancelled == 1, "it is told");
        _feed.CheckpointOf(0).ShouldBe(0);
        await rider.DisposeAsync();

        _seen.Hold = null;
        await using var again = await StartAsync(e => e.AddConsumer<ThingConsumer>());
        (await _seen.NextAsync()).StreamId.ShouldBe("a");
    }

    [Fact]
    public async Task A_partition_is_not_read_further_beyond_an_unfinished_event_than_allowed()
    {
        await using var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.MaxInFlight = 30;
        });
        _seen.Hold = new TaskCompletionSource();
        _seen.HoldOnly = "slow";
        _feed.Append(0, Things("slow", 1));
        for (var i = 0; i < 100; i++)
            _feed.Append(0, Things($"s{i}", 1));

        await Eventually.UntilAsync(() => _seen.Count >= 20 && rider.Endpoint.Engine.Find("0")!.InFlight == 1, "others overtake");
        var overtaken = _seen.Count;
        overtaken.ShouldBeLessThanOrEqualTo(40); // pages of 10: one more than fits
        _feed.CheckpointOf(0).ShouldBe(0);

        _seen.Hold.SetResult();
        await Eventually.UntilAsync(() => _seen.Count == 101 && _feed.IsCheckpointedToTheEnd(), "all");
    }

    [Fact]
    public async Task The_test_harness_sees_what_is_consumed()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>(), services: s => s.AddMassTransitTestHarness());

        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(1)));

        var harness = rider.Host.Services.GetRequiredService<global::MassTransit.Testing.ITestHarness>();
        (await harness.Consumed.Any<ThingHappened>(TestContext.Current.CancellationToken)).ShouldBeTrue();
    }

    [Fact]
    public async Task Filters_and_the_in_memory_outbox_of_MassTransit_work_on_an_endpoint()
    {
        _seen.FailFirst = 1;
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<PublishingConsumer>();
                e.Retry(r => r.Immediate(1));
                e.Configure((context, endpoint) => endpoint.UseInMemoryOutbox(context));
            },
            feed: f => f.Bus(bus =>
            {
                bus.AddConsumer<NoticeConsumer>();
                bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            }));

        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(5)));

        await _seen.NextAsync();
        await Eventually.UntilAsync(() => _seen.Notices.Count > 0, "the notice");
        _seen.Notices.Count.ShouldBe(1); // the failed attempt published nothing
    }

    [Fact]
    public async Task Wrong_settings_are_told_all_at_once_by_name()
    {
        var e = Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddChangeFeed(feed =>
        {
            feed.Endpoint("tax", endpoint => endpoint.ConcurrentStreams = 0);
            feed.Endpoint("tax", endpoint => endpoint.OnFailure = FailurePolicy.Block);
        }));

        e.Message.ShouldContain("ConcurrentStreams is 0");
        e.Message.ShouldContain("'tax' has no source");
        e.Message.ShouldContain("needs a dead-letter container");
        e.Message.ShouldContain("'tax' is added 2 times");
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("tax:")]
    [InlineData("Tax")]
    [InlineData("tax audit")]
    [InlineData("-tax")]
    [InlineData("")]
    public void A_name_that_is_no_lease_prefix_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => new ServiceCollection().AddChangeFeed(feed => feed.Endpoint(name, _ => { }))).Message.ShouldContain("lower-case words");

    private static IEnumerable<System.Text.Json.JsonElement> Things(string stream, int count) =>
        Enumerable.Range(0, count).Select(i => TestEvents.Document(stream, i, new ThingHappened(i)));

    private Task<RiderHost> StartAsync(
        Action<ChangeFeedEndpointConfigurator> configure,
        InMemoryParking? parking = null,
        Func<InMemorySource>? source = null,
        Action<ChangeFeedConfigurator>? feed = null,
        Action<IServiceCollection>? services = null) =>
        RiderHost.StartAsync(
            source ?? (() => new InMemorySource(_feed)), configure, parking, before => before.AddSingleton(_seen), feed, services);

    internal sealed class Seen
    {
        private readonly BlockingCollection<RecordedEvent> _events = [];
        private int _attempts;
        private int _cancelled;

        public int FailFirst { get; set; }

        public Func<RecordedEvent, bool> Poison { get; set; } = _ => false;

        public volatile bool Repaired;

        public TaskCompletionSource? Hold { get; set; }

        public string? HoldOnly { get; set; }

        public int Attempts => _attempts;

        public int Cancelled => _cancelled;

        public int Count => _events.Count;

        public Activity? Activity { get; private set; }

        public ConcurrentQueue<(int Number, Guid? MessageId, Guid? ConversationId, Guid? PublishedId)> Notices { get; } = new();

        public async Task AddAsync(ConsumeContext context)
        {
            Activity = Activity.Current;
            if (Interlocked.Increment(ref _attempts) <= FailFirst)
                throw new InvalidOperationException("not yet");
            var e = context.Recorded();
            if (Poison(e))
                throw new InvalidOperationException("poison");
            if (Hold is { } hold && (HoldOnly is null || HoldOnly == e.StreamId))
            {
                try
                {
                    await hold.Task.WaitAsync(context.CancellationToken);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref _cancelled);
                    throw;
                }
            }

            _events.Add(e);
        }

        public async Task<RecordedEvent> NextAsync()
        {
            RecordedEvent? e = null;
            await Eventually.UntilAsync(() => _events.TryTake(out e), "an event");
            return e!;
        }
    }

    internal sealed class ThingConsumer(Seen seen) : IConsumer<ThingHappened>
    {
        public Task Consume(ConsumeContext<ThingHappened> context) => seen.AddAsync(context);
    }

    internal sealed class TalkingConsumer(ILogger<TalkingConsumer> logger) : IConsumer<ThingHappened>
    {
        public Task Consume(ConsumeContext<ThingHappened> context)
        {
            logger.LogInformation("handled");
            return Task.CompletedTask;
        }
    }

    internal sealed class InterfaceConsumer(Seen seen) : IConsumer<IThing>
    {
        public Task Consume(ConsumeContext<IThing> context) => seen.AddAsync(context);
    }

    internal sealed class EverythingConsumer(Seen seen) : IConsumer<RecordedEvent>
    {
        public Task Consume(ConsumeContext<RecordedEvent> context)
        {
            context.Message.ShouldBeSameAs(context.Recorded());
            return seen.AddAsync(context);
        }
    }

    internal sealed class PublishingConsumer(Seen seen) : IConsumer<ThingHappened>
    {
        public async Task Consume(ConsumeContext<ThingHappened> context)
        {
            await context.Publish(new Notice(context.Message.Number, context.MessageId!.Value), context.CancellationToken);
            await seen.AddAsync(context);
        }
    }

    internal sealed class NoticeConsumer(Seen seen) : IConsumer<Notice>
    {
        public Task Consume(ConsumeContext<Notice> context)
        {
            seen.Notices.Enqueue((context.Message.Number, context.Message.Cause, context.ConversationId, context.MessageId));
            return Task.CompletedTask;
        }
    }

    public sealed record Notice(int Number, Guid Cause);
}
