using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore;

/// <summary>Names to listen to, and the attributes that spans, metrics and logs about events have in common.</summary>
public static class EventStoreTelemetry
{
    /// <summary>Activity source of appends: <c>append OrderPlaced</c>.</summary>
    public const string ActivitySourceName = "ChangeFeed.EventStore";

    /// <summary>Meter of appends.</summary>
    public const string MeterName = "ChangeFeed.EventStore";

    /// <summary>The stream an event belongs to.</summary>
    public const string StreamId = "eventstore.stream.id";

    /// <summary>Name of the type of an event; of several, that of the first.</summary>
    public const string EventType = "eventstore.event.type";

    /// <summary>Version of the stream at an event; of several, at the first.</summary>
    public const string EventVersion = "eventstore.event.version";

    private static readonly ActivitySource Source = new(ActivitySourceName);
    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Appended = Meter.CreateCounter<long>(
        "eventstore.events.appended", "{event}", "Events appended to their streams.");

    private static readonly Counter<long> Conflicts = Meter.CreateCounter<long>(
        "eventstore.append.conflicts", "{append}", "Appends refused because another writer was there first.");

    private static readonly Counter<long> Snapshots = Meter.CreateCounter<long>(
        "eventstore.snapshots", "{snapshot}", "Snapshots of long streams, taken or refused.");

    internal static void SnapshotTaken(string form, bool taken) =>
        Snapshots.Add(1, new KeyValuePair<string, object?>("eventstore.snapshot", form), new KeyValuePair<string, object?>("eventstore.taken", taken));

    internal static Activity? StartAppend(string eventType) => Source.StartActivity($"append {eventType}", ActivityKind.Producer);

    internal static void Describe(Activity? activity, Container container, IReadOnlyList<RecordedEvent> events)
    {
        if (activity is not { IsAllDataRequested: true })
            return;
        var first = events[0];
        // Not messaging.system: of spans that have it the dashboard shows system and destination in place of the name.
        activity.SetTag("messaging.operation.name", "append")
            .SetTag("messaging.operation.type", "send")
            .SetTag("messaging.destination.name", container.Id)
            .SetTag("messaging.message.id", first.Meta.EventId.ToString())
            .SetTag("messaging.message.conversation_id", first.Meta.CorrelationId)
            .SetTag(StreamId, first.StreamId)
            .SetTag(EventType, first.Type)
            .SetTag(EventVersion, first.Version);
        if (events.Count > 1)
            activity.SetTag("messaging.batch.message_count", events.Count);
    }

    internal static void Done(IReadOnlyList<RecordedEvent> events)
    {
        if (!Appended.Enabled)
            return;
        foreach (var e in events)
            Appended.Add(1, new KeyValuePair<string, object?>(EventType, e.Type));
    }

    internal static void Refused(Activity? activity, string eventType)
    {
        activity?.SetTag("error.type", nameof(WrongExpectedVersionException)).SetStatus(ActivityStatusCode.Error, "wrong expected version");
        Conflicts.Add(1, new KeyValuePair<string, object?>(EventType, eventType));
    }
}
