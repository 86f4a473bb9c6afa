using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;

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
    public static CancelDecision Decide(IReadOnlyList<RecordedEvent> stream, string reason)
    {
        var order = OrderState.Fold(stream);
        return order.Status switch
        {
            null => new CancelDecision.NoOrder(),
            OrderStatus.Cancelled => new CancelDecision.AlreadyCancelled(stream.First(e => e.Data is OrderCancelled).Version),
            _ => OrderRules.RefusalToCancel(order) is { } refusal
                ? new CancelDecision.Refuse(refusal)
                : new CancelDecision.Cancel(new OrderCancelled(reason)),
        };
    }
}
