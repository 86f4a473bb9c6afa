using ChangeFeed.EventStore.Cold;
using ChangeFeed.Projections.Versions;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.CustomerCare.Search;

/// <summary>Looks up how candidates stand, and leaves out those that are not meant.</summary>
internal sealed class OrderLookup(ViewReader views, OrdersDatabase database, StoredEvents events)
{
    /// <summary>The orders with these ids, as far as the view has them; one request unit each.</summary>
    public async Task<IReadOnlyList<OrderStatusDocument>> ReadAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var orders = await Task.WhenAll(ids.Select(id => ReadAsync(id, cancellationToken)));
        return [.. orders.OfType<OrderStatusDocument>().OrderByDescending(order => order.PlacedAt)];
    }

    /// <summary>Those of the candidates that are meant, in their order, and what finding out cost in request units.</summary>
    public async Task<(IReadOnlyList<OrderStatusDocument> Orders, double RequestCharge)> ReadAsync(
        IReadOnlyList<Candidate> candidates, SearchQuery query, CancellationToken cancellationToken)
    {
        var looked = await Task.WhenAll(candidates.Select(async candidate =>
        {
            var order = candidate.Order ?? await ReadAsync(candidate.OrderId, cancellationToken);
            var (isMeant, charge) = order is null ? (false, 0) : await IsMeantAsync(order, query, cancellationToken);
            return (Order: isMeant ? order : null, Charge: charge + (candidate.Order is null ? 1 : 0));
        }));
        return ([.. looked.Select(l => l.Order).OfType<OrderStatusDocument>()], looked.Sum(l => l.Charge));
    }

    private Task<OrderStatusDocument?> ReadAsync(string id, CancellationToken cancellationToken) =>
        views.ReadAsync(ViewNames.OrderStatus, id, id, ReadModelsJson.Default.OrderStatusDocument, order => order.Version, cancellationToken);

    private async Task<(bool IsMeant, double RequestCharge)> IsMeantAsync(OrderStatusDocument order, SearchQuery query, CancellationToken cancellationToken)
    {
        if ((query.Status is { } status && order.Status != status) || (query.Customer is { } customer && order.CustomerId != customer))
            return (false, 0);
        if (query.IsAboutEvents)
            return (true, 0); // that is how it was found
        if (order.PlacedAt < query.From || order.PlacedAt >= query.To)
            return (false, 0);
        return (query.Type ?? query.Service) is null ? (true, 0) : await HasEventAsync(order.Id, query, cancellationToken);
    }

    private static bool Fits(StoredEvent e, SearchQuery query) =>
        (query.Type is null || e.Type == query.Type) && (query.Service is null || e.Understood?.Meta.By == query.Service);

    private async Task<(bool HasEvent, double RequestCharge)> HasEventAsync(string orderId, SearchQuery query, CancellationToken cancellationToken)
    {
        List<string> conditions = [];
        if (query.Type is not null)
            conditions.Add("c.type = @type");
        if (query.Service is not null)
            conditions.Add("c.meta[\"by\"] = @by"); // a word of the language
        using var pages = database.Events.GetItemQueryIterator<long>(
            new QueryDefinition(
                $"SELECT VALUE c.{ColdMark.Property}.upTo ?? -1 FROM c WHERE ({string.Join(" AND ", conditions)}) OR IS_DEFINED(c.{ColdMark.Property}.upTo)")
                .WithParameter("@type", query.Type)
                .WithParameter("@by", query.Service),
            requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(orderId), MaxItemCount = 1, EnableOptimisticDirectExecution = true });
        var (charge, isCold) = (0d, false);
        while (pages.HasMoreResults)
        {
            var page = await pages.ReadNextAsync(cancellationToken);
            charge += page.RequestCharge;
            isCold |= page.Any(upTo => upTo >= 0);
            if (page.Any(upTo => upTo < 0))
                return (true, charge);
        }

        return (isCold && (await events.ReadAsync(orderId, cancellationToken)).Any(e => Fits(e, query)), charge);
    }
}
