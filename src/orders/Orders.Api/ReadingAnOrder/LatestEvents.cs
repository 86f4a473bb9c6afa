using System.Text.Json;
using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Api.ReadingAnOrder;

/// <summary>
/// What happened to an order that the view has not seen yet. With it on top an answer says what the events said when they were read,
/// however late the view is: so the answers to a client never go backwards, whether the view was missing, behind or switched between them.
/// </summary>
internal sealed class LatestEvents(CosmosEventStore store)
{
    /// <summary>The order with its latest events. One request unit where the view is up to date, as it nearly always is.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="order">What the view says; null when it has nothing of the order.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<OrderStatusDocument?> AddAsync(string orderId, OrderStatusDocument? order, CancellationToken cancellationToken)
    {
        try
        {
            if (order is not null && await store.ReadHotEventAsync(orderId, order.Version + 1, cancellationToken) is null)
                return order;
            await foreach (var e in store.ReadAsync(orderId, (order?.Version ?? -1) + 1, cancellationToken: cancellationToken))
                order = OrderStatusDocument.Apply(order, e);
        }
        catch (Exception e) when (order is not null && e is (EventDocumentException or UnknownEventException or JsonException))
        {
            // An event that nobody can read ends what is told, as it ends the view: the order is parked there until it can be read.
        }

        return order;
    }
}
