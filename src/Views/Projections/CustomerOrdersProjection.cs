using System.Text.Json.Serialization.Metadata;
using OrderPipeline.Contracts;

namespace OrderPipeline.Views;

/// <summary>The same orders under a second partition key, so that all of a customer's are one query of one partition.</summary>
public sealed class CustomerOrdersProjection : IProjection<OrderStatusDocument>
{
    public string Name => "customer-orders";

    public JsonTypeInfo<OrderStatusDocument> Json => ContractsJson.Default.OrderStatusDocument;

    public OrderStatusDocument? Apply(OrderStatusDocument? current, RecordedEvent next) => OrderStatusDocument.Apply(current, next);

    public ViewKey? KeyOf(RecordedEvent e) => e.Data is OrderPlaced placed ? new ViewKey(placed.CustomerId, e.StreamId) : null;

    public string StreamOf(OrderStatusDocument document) => document.Id;

    public long VersionOf(OrderStatusDocument document) => document.Version;
}
