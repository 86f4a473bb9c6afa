using System.Diagnostics;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;

namespace ChangeFeed.MassTransit.Telemetry;

/// <summary>The span of one event at one endpoint, in the trace of whatever made the event. Null where nobody listens.</summary>
internal static class ProcessSpan
{
    private static readonly ActivitySource Source = new(ChangeFeedTelemetry.ActivitySourceName);

    public static Activity? Start(string endpoint, FeedItem item)
    {
        if (!Source.HasListeners())
            return null;
        ActivityContext.TryParse(EventDocument.ReadTraceParent(item.Document), null, isRemote: true, out var cause);
        var activity = Source.StartActivity($"process {endpoint}", ActivityKind.Consumer, cause);
        if (activity is not { IsAllDataRequested: true })
            return activity;
        // Not messaging.system: of spans that have it the dashboard shows system and destination in place of the name.
        return activity.SetTag("messaging.operation.name", "process")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", endpoint)
            .SetTag("messaging.destination.partition.id", item.Lease)
            .SetTag(EventStoreTelemetry.StreamId, item.Stream)
            .SetTag(EventStoreTelemetry.EventType, item.Header?.Type)
            .SetTag(EventStoreTelemetry.EventVersion, item.Header?.Version);
    }

    public static void Failed(this Activity? activity, HandlingFailure failure)
    {
        if (activity is null)
            return;
        activity.SetStatus(ActivityStatusCode.Error, failure.Exception.Message).SetTag("error.type", failure.Exception.GetType().FullName);
        if (activity.IsAllDataRequested)
            activity.AddException(failure.Exception);
    }

    public static void Ended(this Activity? activity, string outcome) => activity?.SetTag(ChangeFeedTelemetry.Outcome, outcome);
}
