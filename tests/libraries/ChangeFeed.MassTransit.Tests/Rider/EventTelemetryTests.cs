using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.MassTransit.Tests.Rider;

public sealed class EventTelemetryTests : IDisposable
{
    private readonly InMemoryFeed _feed = new(1);
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<(string Instrument, double Value)> _measured = new();
    private readonly ActivityListener _listener;
    private readonly MeterListener _meters;
    private readonly string _stream = $"telemetry-{Guid.NewGuid():N}"; // other tests run beside this one

    public EventTelemetryTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ChangeFeedTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem(EventStoreTelemetry.StreamId), _stream))
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
        _meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ChangeFeedTelemetry.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new("messaging.destination.name", "telemetry")))
                _measured.Enqueue((instrument.Name, value));
        });
        _meters.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task A_parked_event_tells_why_in_its_span_and_those_behind_it_that_they_wait()
    {
        await using var rider = await StartAsync(new Fate(Failures: int.MaxValue));

        _feed.Append(0, Event(0), Event(1));
        await Eventually.UntilAsync(() => _spans.Count == 2, "both spans");

        var (parked, queued) = (_spans.First(), _spans.Last());
        parked.GetTagItem(ChangeFeedTelemetry.Outcome).ShouldBe("parked");
        parked.GetTagItem(ChangeFeedTelemetry.Attempts).ShouldBe(3);
        parked.Status.ShouldBe(ActivityStatusCode.Error);
        parked.StatusDescription.ShouldBe("not now");
        parked.GetTagItem("error.type").ShouldBe(typeof(TimeoutException).FullName);
        queued.GetTagItem(ChangeFeedTelemetry.Outcome).ShouldBe("queued");
        queued.Status.ShouldBe(ActivityStatusCode.Unset);
        Sum("changefeed.events.parked").ShouldBe(2);
        Sum("changefeed.events.retries").ShouldBe(2);
        Sum("changefeed.events.handled").ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_needed_more_than_one_attempt_is_handled_and_its_retries_are_counted()
    {
        await using var rider = await StartAsync(new Fate(Failures: 1));

        _feed.Append(0, Event(0));
        await Eventually.UntilAsync(() => _spans.Count == 1, "the span");

        _spans.Single().GetTagItem(ChangeFeedTelemetry.Outcome).ShouldBe("handled");
        _spans.Single().GetTagItem(ChangeFeedTelemetry.Attempts).ShouldBe(2);
        Sum("changefeed.events.handled").ShouldBe(1);
        Sum("changefeed.events.retries").ShouldBe(1);
        Sum("changefeed.events.parked").ShouldBe(0);
    }

    private System.Text.Json.JsonElement Event(long version) => TestEvents.Document(_stream, version, new ThingHappened((int)version));

    private double Sum(string instrument) => _measured.Where(m => m.Instrument == instrument).Sum(m => m.Value);

    private Task<RiderHost> StartAsync(Fate fate) => RiderHost.StartAsync(
        () => new InMemorySource(_feed),
        endpoint =>
        {
            endpoint.AddConsumer<Consumer>();
            endpoint.Retry(retry => retry.Immediate(2));
        },
        services: services => services.AddSingleton(fate),
        name: "telemetry");

    internal sealed record Fate(int Failures)
    {
        private int _attempts;

        public bool Fails() => Interlocked.Increment(ref _attempts) <= Failures;
    }

    internal sealed class Consumer(Fate fate) : IConsumer<ThingHappened>
    {
        public Task Consume(ConsumeContext<ThingHappened> context) => fate.Fails() ? throw new TimeoutException("not now") : Task.CompletedTask;
    }
}
