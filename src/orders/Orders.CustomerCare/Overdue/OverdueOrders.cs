using System.ComponentModel;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;
using Orders.ReadModels;

namespace Orders.CustomerCare.Overdue;

/// <summary>A paid order that was not shipped in time.</summary>
public sealed record OverdueOrder(
    string OrderId,
    string CustomerId,
    string Currency,
    decimal? Total,
    [property: Description("When the order was placed, UTC.")] DateTimeOffset PlacedAt,
    [property: Description("Since when it is overdue, UTC.")] DateTimeOffset Since);

/// <summary>The orders somebody should look at because they are paid and do not ship, from the view of orders.</summary>
internal sealed class OverdueOrders(ViewReader views)
{
    /// <summary>Most orders shown at once.</summary>
    public const int Most = 200;

    /// <summary>Those overdue longest first.</summary>
    public async Task<IReadOnlyList<OverdueOrder>> ReadAsync(CancellationToken cancellationToken)
    {
        var container = await views.ServingAsync(ViewNames.OrderStatus, cancellationToken);
        return await container.QueryAsync(
            new QueryDefinition($"SELECT TOP {Most} * FROM c WHERE c.overdueSince > '' ORDER BY c.overdueSince"),
            document => Of(document.Deserialize(ReadModelsJson.Default.OrderStatusDocument)!),
            cancellationToken: cancellationToken);
    }

    private static OverdueOrder Of(OrderStatusDocument order) =>
        new(order.Id, order.CustomerId, order.Currency, order.Total, order.PlacedAt, order.OverdueSince!.Value);
}
