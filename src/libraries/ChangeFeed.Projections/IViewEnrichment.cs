namespace ChangeFeed.Projections;

/// <summary>Adds to documents what does not come from the events of their stream, such as names that can change.</summary>
public interface IViewEnrichment
{
    /// <summary>Completes the documents of a projection; null when it shows nothing but what events say.</summary>
    IDocumentEnricher<TDocument>? For<TDocument>(IProjection<TDocument> projection)
        where TDocument : class;

    /// <summary>Completes a version that was built from events alone, and that every instance keeps up to date. Can be repeated.</summary>
    /// <param name="view">The view.</param>
    /// <param name="older">The version that serves.</param>
    /// <param name="newer">The version that was built.</param>
    /// <param name="progress">Told what is done, if there is anything to do.</param>
    /// <param name="cancellationToken">Ends it; it can be begun again.</param>
    Task BackfillAsync(IView view, int older, int newer, IProgressDisplay progress, CancellationToken cancellationToken);
}

/// <summary>Completes documents of one projection.</summary>
public interface IDocumentEnricher<TDocument>
    where TDocument : class
{
    /// <summary>The document with all it shows, and when the oldest part was asked for; the same document when it is complete.</summary>
    ValueTask<(TDocument Document, long Asked)> CompleteAsync(TDocument document, CancellationToken cancellationToken);

    /// <summary>Whether a document that is there by now, with what was asked for then, needs no second look.</summary>
    bool IsCurrent(long asked);
}
