using System.Collections.Concurrent;
using System.Diagnostics;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Tests.Support;

namespace ChangeFeed.MassTransit.Tests.Rider;

/// <summary>The spans and instruments of an endpoint.</summary>
public sealed class RiderTelemetryTests : RiderTest
{
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

        measured.ShouldContain(
            "messaging.process.duration messaging.system=azure_cosmosdb messaging.operation.name=process messaging.destination.name=test eventstore.event.type=ThingHappened");
        measured.ShouldContain("changefeed.event.age messaging.destination.name=test eventstore.event.type=ThingHappened");
        measured.ShouldContain("changefeed.leases.owned messaging.destination.name=test 4");
        measured.ShouldContain("changefeed.kill_switch.state messaging.destination.name=test 0");
        foreach (var name in new[] { "changefeed.events.in_flight", "changefeed.streams.parked", "changefeed.events.blocking", "changefeed.endpoint.paused" })
            measured.ShouldContain(m => m.StartsWith(name));

        static string Text(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Prepend(name));
    }
}
