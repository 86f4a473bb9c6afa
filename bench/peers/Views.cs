using System.Globalization;
using JasperFx.Events;
using Marten.Events.Aggregation;
using Marten.Events.Projections;

namespace Bench.Peers;

/// <summary>The document of order-status, with the content the order system's has.</summary>
public sealed class OrderStatusDocument
{
    public Guid Id { get; set; }

    public long Version { get; set; }

    public string CustomerId { get; set; } = "";

    public string Email { get; set; } = "";

    public string Status { get; set; } = "";

    public string Currency { get; set; } = "";

    public Address? ShipTo { get; set; }

    public IReadOnlyList<OrderLine> Lines { get; set; } = [];

    public decimal Subtotal { get; set; }

    public decimal? Tax { get; set; }

    public decimal? Total { get; set; }

    public string? PaymentId { get; set; }

    public string? Carrier { get; set; }

    public string? TrackingNumber { get; set; }

    public DateTimeOffset PlacedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

public partial class OrderStatusProjection : SingleStreamProjection<OrderStatusDocument, Guid>
{
    public OrderStatusProjection() => (Name, Options.CacheLimitPerTenant, Options.BatchSize) = ("order-status", 1000, 5000);

    public void Apply(IEvent<OrderPlaced> e, OrderStatusDocument d)
    {
        (d.CustomerId, d.Email, d.Currency, d.ShipTo, d.Lines) = (e.Data.CustomerId, e.Data.Email, e.Data.Currency, e.Data.ShipTo, e.Data.Lines);
        (d.Subtotal, d.PlacedAt, d.UpdatedAt, d.Status) = (e.Data.Subtotal, e.Timestamp, e.Timestamp, "Placed");
    }

    public void Apply(IEvent<TaxCalculated> e, OrderStatusDocument d) =>
        (d.Tax, d.Total, d.Status, d.UpdatedAt) = (e.Data.Tax, e.Data.Total, "Taxed", e.Timestamp);

    public void Apply(IEvent<PaymentCaptured> e, OrderStatusDocument d) => (d.PaymentId, d.Status, d.UpdatedAt) = (e.Data.PaymentId, "Paid", e.Timestamp);

    public void Apply(IEvent<OrderShipped> e, OrderStatusDocument d) =>
        (d.Carrier, d.TrackingNumber, d.Status, d.UpdatedAt) = (e.Data.Carrier, e.Data.TrackingNumber, "Shipped", e.Timestamp);

    public void Apply(IEvent<CustomerNotified> e, OrderStatusDocument d) => (d.Status, d.UpdatedAt) = ("Completed", e.Timestamp);
}

/// <summary>A document for each order, as customer-orders has it.</summary>
public sealed class CustomerOrderDocument
{
    public Guid Id { get; set; }

    public long Version { get; set; }

    public string CustomerId { get; set; } = "";

    public string Status { get; set; } = "";

    public decimal Total { get; set; }

    public DateTimeOffset PlacedAt { get; set; }
}

public partial class CustomerOrdersProjection : SingleStreamProjection<CustomerOrderDocument, Guid>
{
    public CustomerOrdersProjection() => (Name, Options.CacheLimitPerTenant, Options.BatchSize) = ("customer-orders", 1000, 5000);

    public void Apply(IEvent<OrderPlaced> e, CustomerOrderDocument d) =>
        (d.CustomerId, d.Total, d.PlacedAt, d.Status) = (e.Data.CustomerId, e.Data.Subtotal, e.Timestamp, "Placed");

    public void Apply(TaxCalculated e, CustomerOrderDocument d) => (d.Total, d.Status) = (e.Total, "Taxed");

    public void Apply(PaymentCaptured e, CustomerOrderDocument d) => d.Status = "Paid";

    public void Apply(OrderShipped e, CustomerOrderDocument d) => d.Status = "Shipped";

    public void Apply(CustomerNotified e, CustomerOrderDocument d) => d.Status = "Completed";
}

/// <summary>What an order can be found by.</summary>
public sealed class SearchDocument
{
    public Guid Id { get; set; }

    public long Version { get; set; }

    public List<string> Terms { get; set; } = [];
}

public partial class SearchProjection : SingleStreamProjection<SearchDocument, Guid>
{
    public SearchProjection() => (Name, Options.CacheLimitPerTenant, Options.BatchSize) = ("search", 1000, 5000);

    public void Apply(OrderPlaced e, SearchDocument d) => d.Terms.AddRange(e.Lines.Select(line => line.Sku));

    public void Apply(OrderShipped e, SearchDocument d) => d.Terms.Add(e.TrackingNumber);
}

/// <summary>Counters of a minute.</summary>
public sealed class MinuteStatistics
{
    public string Id { get; set; } = "";

    public long Version { get; set; }

    public int Placed { get; set; }

    public int Paid { get; set; }

    public int Shipped { get; set; }

    public decimal Revenue { get; set; }
}

public partial class StatisticsProjection : MultiStreamProjection<MinuteStatistics, string>
{
    public StatisticsProjection()
    {
        (Name, Options.CacheLimitPerTenant, Options.BatchSize) = ("statistics", 1000, 5000);
        Identity<IEvent<OrderPlaced>>(e => Minute(e.Timestamp));
        Identity<IEvent<PaymentCaptured>>(e => Minute(e.Timestamp));
        Identity<IEvent<OrderShipped>>(e => Minute(e.Timestamp));
    }

    public void Apply(OrderPlaced e, MinuteStatistics d) => d.Placed++;

    public void Apply(PaymentCaptured e, MinuteStatistics d) => (d.Paid, d.Revenue) = (d.Paid + 1, d.Revenue + e.Amount);

    public void Apply(OrderShipped e, MinuteStatistics d) => d.Shipped++;

    private static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
}
