using System.Globalization;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.Domain;

namespace Orders.CustomerCare.Pages.Parts;

/// <summary>How something is to be taken; the colours follow it.</summary>
internal enum Tone
{
    Neutral,
    Going,
    Good,
    Attention,
    Bad,
}

/// <summary>What happened, as one tells it.</summary>
/// <param name="Title">What.</param>
/// <param name="Detail">With what particulars; null when the title says it all.</param>
/// <param name="Tone">Whether that is good.</param>
internal sealed record EventFormatter(string Title, string? Detail, Tone Tone)
{
    public static EventFormatter Of(StoredEvent e) => e.Understood?.Data switch
    {
        OrderPlaced x =>
            new("Order placed",
            $"{ValueFormatter.Count(x.Lines.Sum(l => (long)l.Quantity), "piece", "pieces")} for {ValueFormatter.Money(x.Subtotal, x.Currency)} before tax, by customer {x.CustomerId}", Tone.Going),
        TaxCalculated x =>
            new("Tax calculated",
            $"{Percent(x.Rate)} in {x.Jurisdiction} is {ValueFormatter.Money(x.Tax, x.Currency)}; together {ValueFormatter.Money(x.Total, x.Currency)}",
            Tone.Going),
        PaymentCaptured x => new("Payment captured", ValueFormatter.Money(x.Amount, x.Currency), Tone.Going),
        PaymentDeclined x => new("Payment declined", $"{x.Reason}; {ValueFormatter.Money(x.Amount, x.Currency)} were not paid", Tone.Bad),
        OrderShipped x => new("Order shipped", $"with {x.Carrier}, tracking number {x.TrackingNumber}", Tone.Good),
        FulfillmentRejected x => new("Order rejected", $"{x.Reason}{(x.Sku is null ? "" : $": {x.Sku}")}", Tone.Bad),
        OrderCancelled x => new("Order cancelled", x.Reason, Tone.Attention),
        PaymentRefunded x => new("Payment refunded", $"{ValueFormatter.Money(x.Amount, x.Currency)}: {x.Reason}", Tone.Attention),
        RefundRequested x => new("Refund asked for", x.Reason, Tone.Attention),
        NotificationRequested x => new("Notice asked for again", $"{ValueFormatter.Name(x.Notice.ToString())} notice: {x.Reason}", Tone.Attention),
        CustomerNotified x => new("Customer notified", $"{ValueFormatter.Name(x.Notice.ToString())} notice by {x.Channel}", Tone.Good),
        NoticeDropped x => new("Notice not sent", $"{ValueFormatter.Name(x.Notice.ToString())} notice: {x.Reason}", Tone.Attention),
        ShipmentOverdue x => new("Not shipped in time", $"paid, and not shipped within {ValueFormatter.Duration(x.Within)}", Tone.Attention),
        NoticeDue x => new("Notice tried again", $"{ValueFormatter.Name(x.Notice.ToString())} notice, later try {x.Attempt}", Tone.Attention),
        PersonalDataErased => new("Customer erased", "what was personal cannot be read any more", Tone.Attention),
        null => new(ValueFormatter.Name(e.Type), $"Nobody can read this event: {e.Problem}", Tone.Bad),
        _ => new(ValueFormatter.Name(e.Type), null, Tone.Neutral),
    };

    /// <summary>What is to happen later, in words that end with when.</summary>
    public static string WhenDue(string type) => type switch
    {
        nameof(OrderCancelled) => "Cancelled, unless it is paid before",
        nameof(ShipmentOverdue) => "Overdue, unless it is shipped before",
        nameof(NoticeDue) => "The mail is tried again",
        _ => ValueFormatter.Name(type),
    };

    public static Tone ToneOf(OrderStatus status) => status switch
    {
        OrderStatus.Completed or OrderStatus.Shipped => Tone.Good,
        OrderStatus.PaymentDeclined or OrderStatus.Rejected => Tone.Bad,
        OrderStatus.Cancelled => Tone.Attention,
        _ => Tone.Going,
    };

    private static string Percent(decimal rate) => (rate * 100).ToString("0.####", CultureInfo.InvariantCulture) + " %";
}
