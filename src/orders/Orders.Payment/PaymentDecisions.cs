using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.Payment;

/// <summary>
/// What the payment service decides, without doing it. The order as it stands counts, not as it stood when the event was written:
/// it may have been cancelled meanwhile, and a call made before a crash or a conflict may already have had its effect.
/// </summary>
public static class PaymentDecisions
{
    /// <summary>What to ask of the gateway once the tax is known; both null when the order needs neither.</summary>
    /// <remarks>
    /// A cancelled order is not simply left alone: an earlier try may have captured and then lost the race for the stream against the
    /// cancellation. Withdrawing finds that out and, where nothing was captured, makes sure that nothing will be. So it is with an order
    /// whose customer was erased, and with them the means of payment.
    /// </remarks>
    /// <param name="cause">The event.</param>
    /// <param name="order">The order as it stands, its personal data opened.</param>
    public static (CaptureRequest? Capture, WithdrawRequest? Withdraw) WhenTaxCalculated(RecordedEvent cause, OrderState order)
    {
        var key = cause.Meta.EventId.ToString();
        return order switch
        {
            { Status: OrderStatus.Taxed, Placed: { } placed } when placed.IsErased() => (null, new WithdrawRequest(key, cause.StreamId)),
            { Status: OrderStatus.Taxed, Placed: { } placed, Tax: { } tax } =>
                (new CaptureRequest(key, cause.StreamId, placed.PaymentToken, tax.Currency, tax.Total), null),
            { Status: OrderStatus.Cancelled } => (null, new WithdrawRequest(key, cause.StreamId)),
            _ => (null, null),
        };
    }

    /// <summary>
    /// The event that follows from the gateway's answer. Captured money is a fact even when the order was cancelled: it must be in the
    /// stream for the cancellation to find and refund it. A refusal no longer matters to a cancelled order.
    /// </summary>
    public static IReadOnlyList<object> AfterCapture(OrderState order, CaptureResult result) => result switch
    {
        CaptureResult.Captured captured => [new PaymentCaptured(captured.PaymentId, captured.Currency, captured.Amount)],
        CaptureResult.Declined declined when order is { Status: OrderStatus.Taxed, Tax: { } tax } =>
            [new PaymentDeclined(declined.Code, declined.Reason, tax.Currency, tax.Total)],
        CaptureResult.Withdrawn when order is { Status: OrderStatus.Taxed, Placed: { } placed, Tax: { } tax } && placed.IsErased() =>
            [new PaymentDeclined(DeclineCode.Unspecified, "the customer was erased", tax.Currency, tax.Total)],
        _ => [],
    };

    /// <summary>
    /// The refund owed when an order was rejected or cancelled, or when an agent asked for one; null when nothing was captured or it went
    /// back already. Its key is the payment, not the cause: one capture has at most one refund, whatever it is for.
    /// </summary>
    public static RefundRequest? WhenMoneyIsOwed(string orderId, OrderState order) =>
        OrderRules.OwedToCustomer(order) is { } payment
            ? new RefundRequest($"refund-{payment.PaymentId}", orderId, payment.PaymentId, payment.Currency, payment.Amount)
            : null;

    /// <summary>The event that follows from a refund.</summary>
    public static PaymentRefunded AfterRefund(RefundRequest refund, string refundId, OrderState order) =>
        new(refundId, refund.PaymentId, refund.Currency, refund.Amount, order.RefundRequest?.Reason ?? order.EndReason ?? order.Status.ToString()!);
}
