namespace ChangeFeed.MassTransit.Engine;

/// <summary>What a partition does with its documents.</summary>
internal interface IEventHandling
{
    /// <summary>Called once, before the first page of a tenure: what is known about parked streams must be fresh from here on.</summary>
    Task PrepareAsync(string lease, CancellationToken cancellationToken);

    /// <summary>A document came by, wanted or not.</summary>
    void Saw(FeedItem item);

    /// <summary>True when a consumer of this endpoint is interested; asked before anything is bound.</summary>
    bool Wants(FeedItem item);

    /// <summary>
    /// Handles one document to the end: consumed, parked or skipped. Null when that is done; else how long to wait before it is tried
    /// again. Ends with <see cref="OperationCanceledException"/> only when the token asks for it.
    /// </summary>
    Task<TimeSpan?> HandleAsync(FeedItem item, CancellationToken cancellationToken);

    /// <summary>The lease went elsewhere.</summary>
    void Forget(string lease);
}
