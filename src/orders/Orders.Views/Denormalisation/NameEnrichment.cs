using ChangeFeed.Projections;
using ChangeFeed.ServiceDefaults;
using Orders.Hosting;
using Orders.Views.Projections;

namespace Orders.Views.Denormalisation;

/// <summary>Brings the names of customers and products into the documents that show them.</summary>
public sealed class NameEnrichment(OrdersDatabase database, KnownNames names) : IViewEnrichment
{
    /// <inheritdoc/>
    public IDocumentEnricher<TDocument>? For<TDocument>(IProjection<TDocument> projection)
        where TDocument : class => projection is IShowsNames<TDocument> shows ? new Naming<TDocument>(shows, names) : null;

    /// <inheritdoc/>
    public async Task BackfillAsync(IView view, int older, int newer, IProgressDisplay progress, CancellationToken cancellationToken)
    {
        if (AllViews.WithNames.FirstOrDefault(v => v.Name == view.Name) is not { } shows)
            return;
        progress.Begin("Naming customers and products");
        await new NameBackfill(shows, database, names).RunAsync(older, newer, cancellationToken);
    }
}
