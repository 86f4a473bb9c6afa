using Orders.Contracts;

namespace Orders.CustomerCare.Tests;

/// <summary>What may have happened to the example order.</summary>
internal static class Given
{
    public static readonly OrderPlaced Placed = (OrderPlaced)Examples.Stream[0].Data;
    public static readonly TaxCalculated Taxed = (TaxCalculated)Examples.Stream[1].Data;
    public static readonly PaymentCaptured Paid = new("pay-1", "USD", 110.03m);
    public static readonly PaymentDeclined Declined = (PaymentDeclined)Examples.Stream[2].Data;
    public static readonly OrderShipped Shipped = new("Parcel", "SP1");
    public static readonly OrderCancelled Cancelled = new("changed my mind");
    public static readonly RefundRequested RefundAsked = new("arrived broken");
    public static readonly NotificationRequested NoticeAsked = new(NoticeKind.Shipped, "the mail did not arrive");
    public static readonly PaymentRefunded Refunded = new("ref-1", "pay-1", "USD", 110.03m, "rejected");
    public static readonly CustomerNotified Told = new(NoticeKind.Shipped, "email", "ada@example.org", "On its way", "<1@example.org>");
}
