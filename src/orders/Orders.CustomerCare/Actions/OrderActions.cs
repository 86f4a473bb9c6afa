using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.CustomerCare.Auditing;
using Orders.Domain;
using Orders.Web;

namespace Orders.CustomerCare.Actions;

/// <summary>Does to orders what agents ask for, in their name.</summary>
internal sealed class OrderActions(CosmosEventStore store, AuditTrail audit)
{
    private const string NoOrder = "There is no such order.";

    /// <summary>Appends the action's event, unless the order no longer allows it.</summary>
    /// <returns>Null when it is done, otherwise why not.</returns>
    /// <exception cref="InvalidRequestException">The reason is missing or wrong.</exception>
    public async Task<string?> DoAsync(OrderAction action, string orderId, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        return await store.ReadEventAsync(orderId, 0, cancellationToken) is null
            ? NoOrder
            : await audit.DoAsync(
                AuditSubject.Order(orderId), agent, action.Name, why,
                () => AppendAsync(action, orderId, agent, why, cancellationToken), cancellationToken, refusalOf: refusal => refusal);
    }

    private async Task<string?> AppendAsync(OrderAction action, string orderId, string agent, string reason, CancellationToken cancellationToken) =>
        (await store.DecideAsync(orderId, stream => Decide(action, OrderState.Fold(stream), reason), new AppendContext(agent), cancellationToken)).Result;

    // A service may have been faster, and what it did may have made it too late.
    private static Decision<string?> Decide(OrderAction action, OrderState order, string reason)
    {
        var refusal = order.Status is null ? NoOrder : action.Refusal(order);
        return refusal is null ? new(null, action.Event(order, reason)) : new(refusal);
    }
}
