using ChangeFeed.Projections.Versions;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.CustomerCare.Search;

/// <summary>Looks up how candidates stand, and leaves out those that are not meant.</summary>
internal sealed class OrderLookup(ViewReader views, OrdersDatabase database)
{
    /// <summary>The orders with these ids, as far as the view has them; one request unit each.</summary>
    public async Task<IReadOnlyList<OrderStatusDocument>> ReadAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var orders = await Task.WhenAll(ids.Select(id => ReadAsync(id, cancellationToken)));
        return [.. orders.OfType<OrderStatusDocument>().OrderByDescending(order => order.PlacedAt)];
    }

    /// <summary>Those of the candidates that are meant, in their order.</summary>
    public async Task<IReadOnlyList<OrderStatusDocument>> ReadAsync(IReadOnlyList<Candidate> candidates, SearchQuery query, CancellationToken cancellationToken)
    {
        var orders = await Task.WhenAll(candidates.Select(async candidate =>
            (candidate.Order ?? await ReadAsync(candidate.OrderId, cancellationToken)) is { } order && await IsMeantAsync(order, query, cancellationToken) ? order : null));
        return [.. orders.OfType<OrderStatusDocument>()];
    }

    private Task<OrderStatusDocument?> ReadAsync(string id, CancellationToken cancellationToken) =>
        views.ReadAsync(ViewNames.OrderStatus, id, id, ReadModelsJson.Default.OrderStatusDocument, order => order.Version, cancellationToken);

    private async Task<bool> IsMeantAsync(OrderStatusDocument order, SearchQuery query, CancellationToken cancellationToken)
    {
        if ((query.Status is { } status && order.Status != status) || (query.Customer is { } customer && order.CustomerId != customer))
            return false;
        if (query.IsAboutEvents)
            return true; // that is how it was found
        if (order.PlacedAt < query.From || order.PlacedAt >= query.To)
            return false;
        return (query.Type ?? query.Service) is null || await HasEventAsync(order.Id, query, cancellationToken);
    }

    private async Task<bool> HasEventAsync(string orderId, SearchQuery query, CancellationToken cancellationToken)
    {
        List<string> conditions = [];
        if (query.Type is not null)
            conditions.Add("c.type = @type");
        if (query.Service is not null)
            conditions.Add("c.meta[\"by\"] = @by"); // a word of the language
        using var pages = database.Events.GetItemQueryIterator<string>(
            new QueryDefinition($"SELECT VALUE c.id FROM c WHERE {string.Join(" AND ", conditions)}").WithParameter("@type", query.Type).WithParameter("@by", query.Service),
            requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(orderId), MaxItemCount = 1, EnableOptimisticDirectExecution = true });
        while (pages.HasMoreResults)
        {
            if ((await pages.ReadNextAsync(cancellationToken)).Count > 0)
                return true;
        }

        return false;
    }
}
