using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using Orders.Domain;

namespace Orders.Outward;

/// <summary>An order as far as others are told of it.</summary>
/// <param name="Id">The order.</param>
/// <param name="Version">Version of the last event in here.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Announcement">What others are told of that event; null for nothing.</param>
public sealed record OutwardOrder(string Id, long Version, OrderStatus Status, Announcement? Announcement);

/// <summary>What others are told of orders, event by event.</summary>
/// <param name="endpoint">The endpoint that tells them.</param>
public sealed class OutwardProjection(string endpoint) : IProjection<OutwardOrder>
{
    /// <summary>The endpoint of the bus.</summary>
    public const string Bus = "outward-bus";

    /// <summary>The endpoint of the event hub.</summary>
    public const string EventHubs = "outward-event-hubs";

    /// <inheritdoc/>
    public string Name => endpoint;

    /// <inheritdoc/>
    public JsonTypeInfo<OutwardOrder> Json => OutwardJson.Default.OutwardOrder;

    /// <inheritdoc/>
    public OutwardOrder? Apply(OutwardOrder? current, RecordedEvent next) =>
        OrderState.NextStatus(current?.Status, next.Data) is { } status
            ? new OutwardOrder(next.StreamId, next.Version, status, Announcement.Of(current?.Status, next))
            : null;

    /// <inheritdoc/>
    public ViewKey? KeyOf(RecordedEvent e) => ViewKey.ById(e.StreamId);

    /// <inheritdoc/>
    public string StreamOf(OutwardOrder document) => document.Id;

    /// <inheritdoc/>
    public long VersionOf(OutwardOrder document) => document.Version;
}
