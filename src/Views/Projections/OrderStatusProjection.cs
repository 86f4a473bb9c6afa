using System.Text.Json.Serialization.Metadata;
using OrderPipeline.Contracts;

namespace OrderPipeline.Views;

/// <summary>One document per order, as the orders API shows it.</summary>
public sealed class OrderStatusProjection : IProjection<OrderStatusDocument>
{
    public string Name => "order-status";

    public JsonTypeInfo<OrderStatusDocument> Json => ContractsJson.Default.OrderStatusDocument;

    public OrderStatusDocument? Apply(OrderStatusDocument? current, RecordedEvent next) => OrderStatusDocument.Apply(current, next);

    public ViewKey? KeyOf(RecordedEvent e) => ViewKey.ById(e.StreamId);

    public string StreamOf(OrderStatusDocument document) => document.Id;

    public long VersionOf(OrderStatusDocument document) => document.Version;
}
