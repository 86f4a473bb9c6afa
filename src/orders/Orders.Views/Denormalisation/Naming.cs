namespace Orders.Views.Denormalisation;

/// <summary>Puts the names into documents that are made.</summary>
internal sealed class Naming<TDocument>(IShowsNames<TDocument> shows, KnownNames known)
    where TDocument : class
{
    /// <summary>The document with all names it shows, and when the oldest of them was asked for; the same document when it has them.</summary>
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

    /// <summary>Whether a document that is there by now, with names asked for then, needs no second look.</summary>
    public bool IsCurrent(long asked) => asked == long.MaxValue || known.IsCurrent(asked);
}
