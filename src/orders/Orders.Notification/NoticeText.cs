using System.Globalization;
using System.Text;
using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;
using Orders.Notification.Mail;

namespace Orders.Notification;

/// <summary>The words of the notices.</summary>
public static class NoticeText
{
    /// <summary>Writes the mail that tells how an order ended.</summary>
    /// <param name="cause">The event it is about; gives the mail its identity and its date, so that writing it again gives the same mail.</param>
    /// <param name="notice">What it is about.</param>
    /// <param name="order">The order as it stands.</param>
    /// <param name="domain">Domain of the sender, for the Message-ID.</param>
    public static OutgoingMail Compose(RecordedEvent cause, NoticeKind notice, OrderState order, string domain)
    {
        var placed = order.Placed ?? throw new InvalidOperationException($"Stream '{cause.StreamId}' does not begin with an order.");
        var (subject, text) = notice switch
        {
            NoticeKind.Shipped => (
                "is on its way",
                $"your order is on its way with {order.Shipment?.Carrier}, tracking number {order.Shipment?.TrackingNumber}."),
            NoticeKind.PaymentDeclined => (
                "could not be paid",
                $"your payment was declined ({order.EndReason}), so the order ends here. Nothing was charged."),
            NoticeKind.Rejected => (
                "cannot be delivered",
                $"we are sorry: your order cannot be delivered ({order.EndReason}). "
                + $"{Amount(order.Refund?.Amount ?? 0, placed.Currency)} went back to you."),
            NoticeKind.Cancelled => (
                "is cancelled",
                "your order is cancelled. Whatever was charged for it goes back to you."),
            _ => throw new ArgumentOutOfRangeException(nameof(notice), notice, "There is no text for this notice."),
        };
        return new OutgoingMail(
            MessageId(notice, cause.Meta.EventId, domain),
            cause.Meta.At,
            placed.Email,
            placed.ShipTo.Name,
            $"Your order {cause.StreamId} {subject}",
            Body(cause.StreamId, placed, order.Tax, text));
    }

    /// <summary>Every mail that events may have led to.</summary>
    public static IEnumerable<string> MessageIds(IEnumerable<Guid> causes, string domain) =>
        causes.SelectMany(cause => Enum.GetValues<NoticeKind>().Select(notice => MessageId(notice, cause, domain)));

    private static string MessageId(NoticeKind notice, Guid cause, string domain) => $"{notice.ToString().ToLowerInvariant()}-{cause}@{domain}";

    private static string Body(string orderId, OrderPlaced placed, TaxCalculated? tax, string text)
    {
        var body = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"Hello {placed.ShipTo.Name},")
            .AppendLine().AppendLine(text)
            .AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Order {orderId}");
        foreach (var line in placed.Lines)
            body.AppendLine(CultureInfo.InvariantCulture, $"  {line.Quantity} x {line.Name} ({line.Sku}) at {Amount(line.UnitPrice, placed.Currency)}");
        body.AppendLine(CultureInfo.InvariantCulture, $"Subtotal {Amount(placed.Subtotal, placed.Currency)}");
        if (tax is not null)
            body.AppendLine(CultureInfo.InvariantCulture, $"Tax {Amount(tax.Tax, tax.Currency)}")
                .AppendLine(CultureInfo.InvariantCulture, $"Total {Amount(tax.Total, tax.Currency)}");
        return body.ToString();
    }

    private static string Amount(decimal amount, string currency) => string.Create(
        CultureInfo.InvariantCulture,
        $"{amount.ToString($"F{(Iso4217.TryGetDecimals(currency, out var decimals) ? decimals : 2)}", CultureInfo.InvariantCulture)} {currency}");
}
