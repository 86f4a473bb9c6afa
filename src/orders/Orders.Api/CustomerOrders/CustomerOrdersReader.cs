using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;
using Orders.Cache;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Api.CustomerOrders;

/// <summary>A page of a customer's orders, the latest first.</summary>
/// <param name="Orders">The orders.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
/// <param name="RequestCharge">What it cost, in request units.</param>
internal sealed record CustomerOrdersPage(IReadOnlyList<OrderStatusDocument> Orders, PagePosition? Next, double RequestCharge);

/// <summary>Asks the view <c>customer-orders</c>, one query of one partition; for the latest orders the cache first, where there is one.</summary>
internal sealed class CustomerOrdersReader(ViewReader views, OrderCache? cache = null)
{
    public async Task<CustomerOrdersPage> ReadAsync(CustomerOrdersQuery query, CancellationToken cancellationToken)
    {
        if (cache is null || !query.IsLatest)
            return await ReadViewAsync(query, cancellationToken);
        if (await cache.FindLatestAsync(query.CustomerId, query.Limit, cancellationToken) is { } latest)
            return Page(query, latest.Orders, latest.HasMore, 0);
        var page = await ReadViewAsync(query, cancellationToken);
        if (page.Orders.Count > 0)
            await cache.FillLatestAsync(query.CustomerId, page.Orders, isAll: page.Next is null, cancellationToken);
        return page;
    }

    private async Task<CustomerOrdersPage> ReadViewAsync(CustomerOrdersQuery query, CancellationToken cancellationToken)
    {
        var container = await views.ServingAsync(ViewNames.CustomerOrders, cancellationToken);
        using var pages = container.GetItemQueryStreamIterator(Definition(query), requestOptions: new QueryRequestOptions
        {
            PartitionKey = new PartitionKey(query.CustomerId),
            MaxItemCount = query.Limit + 1,
        });
        var found = new List<OrderStatusDocument>();
        var charge = 0d;
        await foreach (var page in pages.ReadPagesAsync(cancellationToken))
        {
            charge += page.RequestCharge;
            found.AddRange(page.Documents.Select(o => o.Deserialize(ReadModelsJson.Default.OrderStatusDocument)!));
        }

        return Page(query, [.. found.Take(query.Limit)], found.Count > query.Limit, charge);
    }

    private static CustomerOrdersPage Page(CustomerOrdersQuery query, IReadOnlyList<OrderStatusDocument> orders, bool hasMore, double charge) =>
        new(orders, hasMore ? PagePosition.After(query.After, [.. orders.Select(o => (o.Id, o.PlacedAt))]) : null, charge);

    private static QueryDefinition Definition(CustomerOrdersQuery query)
    {
        List<string> conditions = ["true"];
        if (query.Status is not null)
            conditions.Add("c.status = @status");
        if (query.From is not null)
            conditions.Add("c.placedAt >= @from");
        if (query.To is not null)
            conditions.Add("c.placedAt < @to");
        if (query.After is not null)
            conditions.Add("c.placedAt <= @last AND NOT ARRAY_CONTAINS(@delivered, c.id)");
        return new QueryDefinition($"SELECT TOP {query.Limit + 1} * FROM c WHERE {string.Join(" AND ", conditions)} ORDER BY c.placedAt DESC")
            .WithParameter("@status", query.Status?.ToString())
            .WithParameter("@from", query.From)
            .WithParameter("@to", query.To)
            .WithParameter("@last", query.After?.At)
            .WithParameter("@delivered", query.After?.Delivered);
    }
}
