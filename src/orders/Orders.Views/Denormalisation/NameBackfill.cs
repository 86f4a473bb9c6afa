using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;
using ChangeFeed.ServiceDefaults;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;
using Orders.Views.Projections;

namespace Orders.Views.Denormalisation;

/// <summary>Gives a version of a view that was built from events alone the names its documents show. Can be repeated.</summary>
/// <param name="shows">The view.</param>
/// <param name="database">Where its versions are.</param>
/// <param name="known">What customers and products are called.</param>
public sealed class NameBackfill(IShowsNames<OrderStatusDocument> shows, OrdersDatabase database, KnownNames known)
{
    /// <summary>Names the orders of a version that every instance writes and that has all events in it.</summary>
    /// <param name="older">The version that serves.</param>
    /// <param name="newer">The version that was built.</param>
    /// <param name="cancellationToken">Ends it; it can be begun again.</param>
    public async Task RunAsync(int older, int newer, CancellationToken cancellationToken)
    {
        // In this order: an order that has ended when its turn comes has ended in the older version too, which is written first,
        // so that what it was called in the end is found there afterwards.
        await NameOpenAsync(newer, cancellationToken);
        await TakeOverAsync(older, newer, cancellationToken);
    }

    private async Task NameOpenAsync(int newer, CancellationToken cancellationToken)
    {
        var naming = new Naming<OrderStatusDocument>(shows, known);
        await foreach (var orders in PagesAsync(newer, OrderQuery.AllOpen, cancellationToken))
            await Revision(newer).ApplyAsync(orders, async (order, stop) => (await naming.CompleteAsync(order, stop)).Document, cancellationToken);
    }

    private async Task TakeOverAsync(int older, int newer, CancellationToken cancellationToken)
    {
        var view = View(newer);
        await foreach (var orders in PagesAsync(older, OrderQuery.Named, cancellationToken))
        {
            var standing = await Task.WhenAll(orders.Select(o => view.ReadAsync(shows.KeyOf(o.Order), cancellationToken)));
            var named = orders.ToDictionary(o => o.Order.Id, o => o.Order);
            await Revision(newer).ApplyAsync(
                [.. standing.OfType<(OrderStatusDocument, string)>()], (order, _) => new(OrderNames.TakeOver(order, named[order.Id])), cancellationToken);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<(OrderStatusDocument Order, string ETag)>> PagesAsync(
        int version, OrderQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = new OrderPages(database.View(shows.Name, version));
        for (OrderPage page = new([], ""); page.Continuation is { } continuation;)
        {
            page = await pages.ReadAsync(query, continuation is "" ? null : continuation, cancellationToken);
            yield return page.Orders;
        }
    }

    private DocumentRevision<OrderStatusDocument> Revision(int version) => new(View(version), shows.Name, shows.KeyOf);

    private CosmosViewStore<OrderStatusDocument> View(int version) => new(database.View(shows.Name, version), ReadModelsJson.Default.OrderStatusDocument);
}
