using Orders.Contracts;

namespace Orders.Domain;

/// <summary>What may be done to an order, and why not. Pure; whoever appends the event asks here first.</summary>
public static class OrderRules
{
    /// <summary>Why an order that stands like this cannot be cancelled; null when it can.</summary>
    public static string? RefusalToCancel(OrderState order) => order.Status switch
    {
        OrderStatus.Placed or OrderStatus.Taxed or OrderStatus.Paid => null,
        OrderStatus.Shipped or OrderStatus.Completed => "The order has been shipped and can no longer be cancelled.",
        OrderStatus.Cancelled => "The order is cancelled already.",
        OrderStatus.PaymentDeclined => "The payment was declined, so the order has ended already: there is nothing to cancel.",
        OrderStatus.Rejected => "The order could not be fulfilled and has ended already: there is nothing to cancel.",
        var other => throw new InvalidOperationException($"No rule for an order that is {other?.ToString() ?? "not placed"}."),
    };

    /// <summary>Why an agent cannot ask for the money of an order that stands like this; null when they can.</summary>
    public static string? RefusalToRefund(OrderState order) => order switch
    {
        { Refund: { } refund } => $"{refund.Amount} {refund.Currency} went back already.",
        { RefundRequest: not null } => "A refund was asked for already; payment is about to make it.",
        { Status: OrderStatus.Placed or OrderStatus.Taxed or OrderStatus.Paid } =>
            "The order has not shipped yet: cancel it instead, which refunds what was paid.",
        { Payment: null } => "Nothing was captured for this order: there is nothing to refund.",
        { Status: OrderStatus.Shipped or OrderStatus.Completed } => null,
        _ => "The money goes back by itself, because the order ended without delivery; payment is about to refund it.",
    };

    /// <summary>Why the last notice of an order that stands like this cannot be sent again; null when it can.</summary>
    public static string? RefusalToNotifyAgain(OrderState order) => order switch
    {
        { IsErased: true } => "The customer was erased: there is nobody to tell.",
        { NoticeRequest: not null } => "The notice was asked for already; notification is about to send it.",
        { Notices: [] } => "The customer was not told anything yet: there is nothing to send again.",
        _ => null,
    };

    /// <summary>Whether an order still waits for its money.</summary>
    public static bool IsUnpaid(OrderState order) => order.Status is OrderStatus.Placed or OrderStatus.Taxed;

    /// <summary>Whether a notice is still to be sent: it tells what became of the order and was not sent, or an agent asked for it again.</summary>
    public static bool IsToBeTold(NoticeKind notice, OrderState order) =>
        order.NoticeRequest?.Notice == notice || !order.Notices.Contains(notice) && (notice, order.Status) switch
        {
            (NoticeKind.Shipped, OrderStatus.Shipped) => true,
            (NoticeKind.PaymentDeclined, OrderStatus.PaymentDeclined) => true,
            (NoticeKind.Rejected, OrderStatus.Rejected) => order.Refund is not null,
            (NoticeKind.Cancelled, OrderStatus.Cancelled) => true,
            _ => false,
        };

    /// <summary>
    /// The capture that is to go back, when an order was rejected or cancelled, or when an agent asked for it; null when nothing was captured
    /// or it went back already.
    /// </summary>
    public static PaymentCaptured? OwedToCustomer(OrderState order) => order switch
    {
        { Payment: { } payment, Refund: null, Status: OrderStatus.Rejected or OrderStatus.Cancelled } => payment,
        { Payment: { } payment, Refund: null, RefundRequest: not null } => payment,
        _ => null,
    };
}
