using System.Text.Json;
using Microsoft.Azure.Cosmos;
using OrderPipeline.Contracts;
using OrderPipeline.ServiceDefaults.Views;

namespace OrderPipeline.CustomerCare.Search;

/// <summary>What is looked for.</summary>
/// <param name="Text">An order's id, a customer's id, a tracking number or a sku.</param>
/// <param name="Status">Only orders in this status.</param>
/// <param name="Before">Only orders placed before: where the page before this one ended.</param>
public sealed record OrderQuery(string Text, OrderStatus? Status = null, DateTimeOffset? Before = null);

/// <summary>What was found, the latest first.</summary>
/// <param name="Orders">The orders.</param>
/// <param name="Next">Give this as <see cref="OrderQuery.Before"/> for the next page; null when there is none.</param>
/// <param name="RequestCharge">What it cost, in request units.</param>
public sealed record FoundOrders(IReadOnlyList<OrderStatusDocument> Orders, DateTimeOffset? Next, double RequestCharge);

/// <summary>Finds orders in the view of them.</summary>
internal sealed class OrderSearch(ViewReader views)
{
    public const int PageSize = 25;

    private const string View = "order-status";

    /// <summary>An id is one read; anything else asks the indexes of all partitions for one page.</summary>
    public async Task<FoundOrders> FindAsync(OrderQuery query, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(query.Text, "D", out var id))
        {
            var order = await ReadAsync(id.ToString(), cancellationToken);
            return new FoundOrders(order is null ? [] : [order], null, 1);
        }

        var found = new List<OrderStatusDocument>();
        var charge = 0d;
        var container = await views.ServingAsync(View, cancellationToken);
        using var pages = container.GetItemQueryStreamIterator(Definition(query), requestOptions: new QueryRequestOptions { MaxItemCount = PageSize + 1 });
        while (pages.HasMoreResults && found.Count <= PageSize)
        {
            using var page = await pages.ReadNextAsync(cancellationToken);
            page.EnsureSuccessStatusCode();
            charge += page.Headers.RequestCharge;
            using var json = await JsonDocument.ParseAsync(page.Content, cancellationToken: cancellationToken);
            found.AddRange(json.RootElement.GetProperty("Documents"u8).EnumerateArray().Select(o => o.Deserialize(ContractsJson.Default.OrderStatusDocument)!));
        }

        return new FoundOrders([.. found.Take(PageSize)], found.Count > PageSize ? found[PageSize - 1].PlacedAt : null, charge);
    }

    /// <summary>The orders with these ids, as far as the view has them; one request unit each.</summary>
    public async Task<FoundOrders> ReadAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var orders = await Task.WhenAll(ids.Select(id => ReadAsync(id, cancellationToken)));
        return new FoundOrders([.. orders.OfType<OrderStatusDocument>().OrderByDescending(order => order.PlacedAt)], null, ids.Count);
    }

    private Task<OrderStatusDocument?> ReadAsync(string id, CancellationToken cancellationToken) =>
        views.ReadAsync(View, id, id, ContractsJson.Default.OrderStatusDocument, order => order.Version, cancellationToken);

    private static QueryDefinition Definition(OrderQuery query)
    {
        List<string> conditions = ["(c.customerId = @text OR c.shipment.trackingNumber = @text OR ARRAY_CONTAINS(c.lines, { \"sku\": @text }, true))"];
        if (query.Status is not null)
            conditions.Add("c.status = @status");
        if (query.Before is not null)
            conditions.Add("c.placedAt < @before");
        var definition = new QueryDefinition($"SELECT TOP {PageSize + 1} * FROM c WHERE {string.Join(" AND ", conditions)} ORDER BY c.placedAt DESC")
            .WithParameter("@text", query.Text);
        if (query.Status is not null)
            definition.WithParameter("@status", query.Status.ToString());
        if (query.Before is { } before)
            definition.WithParameter("@before", before);
        return definition;
    }
}
