using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.Api.CancellingAnOrder;

/// <summary>What a request to cancel leads to.</summary>
internal abstract record CancelDecision
{
    /// <summary>The order can be withdrawn: append this.</summary>
    public sealed record Cancel(OrderCancelled Event) : CancelDecision;

    /// <summary>It was withdrawn before, by the event at this version; asking twice is no mistake.</summary>
    public sealed record AlreadyCancelled(long Version) : CancelDecision;

    /// <summary>It is too late, or there is nothing left to cancel.</summary>
    public sealed record Refuse(string Reason) : CancelDecision;

    /// <summary>There is no such order.</summary>
    public sealed record NoOrder : CancelDecision;
}

/// <summary>The decision of cancelling an order.</summary>
internal static class Cancellation
{
    public static CancelDecision Decide(IReadOnlyList<RecordedEvent> stream, string reason) => OrderState.Fold(stream).Status switch
    {
        null => new CancelDecision.NoOrder(),
        OrderStatus.Placed or OrderStatus.Taxed or OrderStatus.Paid => new CancelDecision.Cancel(new OrderCancelled(reason)),
        OrderStatus.Cancelled => new CancelDecision.AlreadyCancelled(stream.First(e => e.Data is OrderCancelled).Version),
        OrderStatus.Shipped or OrderStatus.Completed => new CancelDecision.Refuse("The order has been shipped and can no longer be cancelled."),
        OrderStatus.PaymentDeclined => new CancelDecision.Refuse("The payment was declined, so the order has ended already: there is nothing to cancel."),
        OrderStatus.Rejected => new CancelDecision.Refuse("The order could not be fulfilled and has ended already: there is nothing to cancel."),
        var other => throw new InvalidOperationException($"No decision for an order that is {other}."),
    };
}
