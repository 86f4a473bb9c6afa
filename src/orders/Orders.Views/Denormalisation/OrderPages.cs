using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;

namespace Orders.Views.Denormalisation;

/// <summary>Some orders of a version of a view.</summary>
/// <param name="Orders">The orders, each with the etag to change it by.</param>
/// <param name="Continuation">Where the next page begins; null when this is the last.</param>
internal sealed record OrderPage(IReadOnlyList<(OrderStatusDocument Order, string ETag)> Orders, string? Continuation);

/// <summary>Which orders are wanted, and the one partition they are in; null when they can be anywhere.</summary>
internal sealed record OrderQuery(QueryDefinition Orders, QueryDefinition Count, string? Partition)
{
    /// <summary>The open orders that show something, and not yet the name it has at a version.</summary>
    public static OrderQuery WithoutName(ReferenceName name, string? partition)
    {
        var shows = name.Kind switch
        {
            ReferenceKind.Customer => "c.customerId = @id",
            ReferenceKind.Product => """ARRAY_CONTAINS(c.lines, { "sku": @id }, true)""",
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        return Of($"{shows} AND {Open} AND NOT EXISTS(SELECT VALUE n FROM n IN c.names WHERE n.kind = @kind AND n.id = @id AND n.version >= @version)", query =>
            query
            .WithParameter("@id", name.Id)
            .WithParameter("@kind", name.Kind.ToString())
            .WithParameter("@version", name.Version)) with
        { Partition = partition };
    }

    /// <summary>All open orders.</summary>
    public static OrderQuery AllOpen { get; } = Of(Open);

    /// <summary>All orders that show a name, open or not.</summary>
    public static OrderQuery Named { get; } = Of("IS_DEFINED(c.names)");

    private static string Open => $"c.status IN ({string.Join(", ", OrderStatuses.Open.Select(s => $"'{s}'"))}) AND NOT IS_DEFINED(c.erasedAt)";

    private static OrderQuery Of(string condition, Func<QueryDefinition, QueryDefinition>? bind = null)
    {
        bind ??= query => query;
        return new OrderQuery(bind(new($"SELECT * FROM c WHERE {condition}")), bind(new($"SELECT VALUE COUNT(1) FROM c WHERE {condition}")), null);
    }
}

/// <summary>Goes through orders of one version of a view, page by page.</summary>
internal sealed class OrderPages(Container container)
{
    public const int PageSize = 100;

    /// <summary>A page. Documents may be changed, made and deleted between two pages; the others are neither lost nor repeated.</summary>
    public async Task<OrderPage> ReadAsync(OrderQuery query, string? continuation, CancellationToken cancellationToken)
    {
        using var pages = container.GetItemQueryStreamIterator(query.Orders, continuation, Options(query));
        using var response = await pages.ReadNextAsync(cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return new OrderPage([], null); // the version was removed
        using var page = await DocumentPage.ReadAsync(response, cancellationToken);
        return new OrderPage(
            [.. page.Documents.Select(o => (
                o.Deserialize(ReadModelsJson.Default.OrderStatusDocument) ?? throw new JsonException($"A document of container '{container.Id}' is null."),
                o.GetProperty("_etag"u8).GetString()!))],
            pages.HasMoreResults ? page.Continuation : null);
    }

    /// <summary>How many there are.</summary>
    public async Task<long> CountAsync(OrderQuery query, CancellationToken cancellationToken)
    {
        using var pages = container.GetItemQueryStreamIterator(query.Count, null, Options(query));
        var count = 0L;
        while (pages.HasMoreResults)
        {
            using var response = await pages.ReadNextAsync(cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return 0;
            using var page = await DocumentPage.ReadAsync(response, cancellationToken);
            count += page.Documents.Sum(n => n.GetInt64());
        }

        return count;
    }

    private static QueryRequestOptions Options(OrderQuery query) => new()
    {
        MaxItemCount = PageSize,
        PartitionKey = query.Partition is { } partition ? new PartitionKey(partition) : null,
    };
}
