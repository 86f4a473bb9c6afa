using Orders.Contracts;

namespace Orders.CustomerCare.Actions;

/// <summary>Something an agent may do to an order: when, and which event it is.</summary>
internal sealed record OrderAction
{
    /// <summary>Withdraws an order that has not shipped.</summary>
    public static OrderAction Cancel { get; } = new()
    {
        Name = "cancel",
        Refusal = order => order.Status switch
        {
            OrderStatus.Placed or OrderStatus.Taxed or OrderStatus.Paid => null,
            OrderStatus.Shipped or OrderStatus.Completed => "The order has been shipped and can no longer be cancelled.",
            OrderStatus.Cancelled => "The order is cancelled already.",
            _ => "The order has ended already: there is nothing to cancel.",
        },
        Event = (_, reason) => new OrderCancelled(reason),
    };

    /// <summary>Gives the money of a delivered order back.</summary>
    public static OrderAction Refund { get; } = new()
    {
        Name = "refund",
        Refusal = order => order switch
        {
            { Refund: { } refund } => $"{refund.Amount} {refund.Currency} went back already.",
            { RefundRequest: not null } => "A refund was asked for already; payment is about to make it.",
            { Status: OrderStatus.Placed or OrderStatus.Taxed or OrderStatus.Paid } => "The order has not shipped yet: cancel it instead, which refunds what was paid.",
            { Payment: null } => "Nothing was captured for this order: there is nothing to refund.",
            { Status: OrderStatus.Shipped or OrderStatus.Completed } => null,
            _ => "The money goes back by itself, because the order ended without delivery; payment is about to refund it.",
        },
        Event = (_, reason) => new RefundRequested(reason),
    };

    /// <summary>Tells the customer once more what they were told last.</summary>
    public static OrderAction ResendNotification { get; } = new()
    {
        Name = "resend-notification",
        Refusal = order => order switch
        {
            { IsErased: true } => "The customer was erased: there is nobody to tell.",
            { NoticeRequest: not null } => "The notice was asked for already; notification is about to send it.",
            { Notices: [] } => "The customer was not told anything yet: there is nothing to send again.",
            _ => null,
        },
        Event = (order, reason) => new NotificationRequested(order.Notices[^1], reason),
    };

    /// <summary>Every action, in the order they are offered.</summary>
    public static IReadOnlyList<OrderAction> All { get; } = [Cancel, Refund, ResendNotification];

    /// <summary>The end of its address.</summary>
    public required string Name { get; init; }

    /// <summary>Why it cannot be done to an order that stands like this; null when it can.</summary>
    public required Func<OrderState, string?> Refusal { get; init; }

    /// <summary>What is appended.</summary>
    public required Func<OrderState, string, object> Event { get; init; }
}
