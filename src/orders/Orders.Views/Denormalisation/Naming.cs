using ChangeFeed.Projections;
using Orders.Views.Projections;

namespace Orders.Views.Denormalisation;

/// <summary>Puts the names into documents that are made.</summary>
public sealed class Naming<TDocument>(IShowsNames<TDocument> shows, KnownNames known) : IDocumentEnricher<TDocument>
    where TDocument : class
{
    /// <inheritdoc/>
    public async ValueTask<(TDocument Document, long Asked)> CompleteAsync(TDocument document, CancellationToken cancellationToken)
    {
        var oldest = long.MaxValue;
        foreach (var reading in shows.ReferencesOf(document).Select(reference => known.OfAsync(reference, cancellationToken)).ToList())
        {
            var (name, asked) = await reading;
            oldest = Math.Min(oldest, asked);
            if (name is not null)
                document = shows.WithName(document, name);
        }

        return (document, oldest);
    }

    /// <inheritdoc/>
    public bool IsCurrent(long asked) => asked == long.MaxValue || known.IsCurrent(asked);
}
