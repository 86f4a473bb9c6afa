using Orders.Contracts;
using Orders.CustomerCare.Auditing;
using ChangeFeed.EventStore;
using Orders.Web;
using Orders.Domain;

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

    private async Task<string?> AppendAsync(OrderAction action, string orderId, string agent, string reason, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stream = await store.ReadStreamAsync(orderId, cancellationToken);
            var order = OrderState.Fold(stream);
            if (order.Status is null)
                return NoOrder;
            if (action.Refusal(order) is { } refusal)
                return refusal;
            try
            {
                await store.AppendAsync(orderId, stream[^1].Version, [action.Event(order, reason)], new AppendContext(agent), cancellationToken);
                return null;
            }
            catch (WrongExpectedVersionException) when (attempt < Reactions.MaxAttempts)
            {
                // A service was faster: what it did may have made it too late.
            }
        }
    }
}
