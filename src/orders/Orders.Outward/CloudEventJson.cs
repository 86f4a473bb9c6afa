using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Extensions;
using CloudNative.CloudEvents.SystemTextJson;

namespace Orders.Outward;

/// <summary>Announcements as CloudEvents 1.0, in the structured mode: one JSON text with all there is, whatever carries it.</summary>
internal static class CloudEventJson
{
    /// <summary>The media type of the text.</summary>
    public const string MediaType = "application/cloudevents+json";

    private static readonly CloudEventAttribute TraceParent = CloudEventAttribute.CreateExtension("traceparent", CloudEventAttributeType.String);
    private static readonly CloudEventAttribute[] Extensions = [Sequence.SequenceAttribute, Partitioning.PartitionKeyAttribute, TraceParent];
    private static readonly JsonEventFormatter Formatter = new();

    public static ReadOnlyMemory<byte> Write(Announcement announcement)
    {
        var cloudEvent = new CloudEvent(CloudEventsSpecVersion.V1_0, Extensions)
        {
            Id = announcement.Id,
            Source = new Uri(announcement.Source, UriKind.Relative),
            Type = announcement.Type,
            Subject = announcement.Subject,
            Time = announcement.Time,
            DataContentType = "application/json",
            DataSchema = announcement.DataSchema,
            Data = announcement.Data,
            [Sequence.SequenceAttribute] = announcement.Sequence,
            [Partitioning.PartitionKeyAttribute] = announcement.Subject,
            [TraceParent] = announcement.TraceParent,
        };
        return Formatter.EncodeStructuredModeMessage(cloudEvent, out _);
    }
}
