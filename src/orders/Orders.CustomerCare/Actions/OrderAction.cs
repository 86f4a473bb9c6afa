using Orders.Contracts;
using Orders.Domain;

namespace Orders.CustomerCare.Actions;

/// <summary>Something an agent may do to an order: when, and which event it is.</summary>
internal sealed record OrderAction
{
    /// <summary>Withdraws an order that has not shipped.</summary>
    public static OrderAction Cancel { get; } = new()
    {
        Name = "cancel",
        Refusal = OrderRules.RefusalToCancel,
        Event = (_, reason) => new OrderCancelled(reason),
    };

    /// <summary>Gives the money of a delivered order back.</summary>
    public static OrderAction Refund { get; } = new()
    {
        Name = "refund",
        Refusal = OrderRules.RefusalToRefund,
        Event = (_, reason) => new RefundRequested(reason),
    };

    /// <summary>Tells the customer once more what they were told last.</summary>
    public static OrderAction ResendNotification { get; } = new()
    {
        Name = "resend-notification",
        Refusal = OrderRules.RefusalToNotifyAgain,
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
