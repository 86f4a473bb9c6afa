using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;
using Orders.Web.Access;

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

    /// <summary>There is no such order, as far as the caller is told.</summary>
    public sealed record NoOrder : CancelDecision;

    /// <summary>The caller may see the order and not change it.</summary>
    public sealed record NotAllowed : CancelDecision;
}

/// <summary>The decision of cancelling an order.</summary>
internal static class Cancellation
{
    public static CancelDecision Decide(IReadOnlyList<RecordedEvent> stream, string reason, Caller caller)
    {
        var order = OrderState.Fold(stream);
        if (order.Placed is not { } placed || !caller.MayRead(placed.CustomerId))
            return new CancelDecision.NoOrder();
        if (!caller.MayChange(placed.CustomerId))
            return new CancelDecision.NotAllowed();
        return order.Status switch
        {
            OrderStatus.Cancelled => new CancelDecision.AlreadyCancelled(stream.First(e => e.Data is OrderCancelled).Version),
            _ => OrderRules.RefusalToCancel(order) is { } refusal
                ? new CancelDecision.Refuse(refusal)
                : new CancelDecision.Cancel(new OrderCancelled(reason)),
        };
    }
}
