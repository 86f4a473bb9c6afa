using OrderPipeline.Contracts;
using OrderPipeline.EventStore;

namespace OrderPipeline.CustomerCare.Actions;

/// <summary>Withdraws orders on behalf of customers, in the name of the agent who does it.</summary>
internal sealed class OrderCancelling(EventStore.EventStore store)
{
    /// <summary>Why an order in this status cannot be cancelled; null when it can.</summary>
    public static string? Refusal(OrderStatus status) => status switch
    {
        OrderStatus.Placed or OrderStatus.Taxed or OrderStatus.Paid => null,
        OrderStatus.Shipped or OrderStatus.Completed => "The order has been shipped and can no longer be cancelled.",
        OrderStatus.Cancelled => "The order is cancelled already.",
        _ => "The order has ended already: there is nothing to cancel.",
    };

    /// <summary>Cancels an order, unless it is too late.</summary>
    /// <returns>Null when it is cancelled, otherwise why not.</returns>
    public async Task<string?> CancelAsync(string orderId, string agent, string reason, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stream = await store.ReadStreamAsync(orderId, cancellationToken);
            if (OrderState.Fold(stream).Status is not { } status)
                return "There is no such order.";
            if (Refusal(status) is { } refusal)
                return refusal;
            try
            {
                await store.AppendAsync(orderId, stream[^1].Version, [new OrderCancelled(reason)], new AppendContext(agent), cancellationToken);
                return null;
            }
            catch (WrongExpectedVersionException) when (attempt < Reactions.MaxAttempts)
            {
                // A service was faster: what it did may have made it too late.
            }
        }
    }
}
