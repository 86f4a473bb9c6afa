namespace ChangeFeed.MassTransit.Engine;

/// <summary>What delivers pages: the change feed processor, or a script in a test.</summary>
internal interface IFeedSource
{
    /// <summary>True when the source keeps a page's place until it is checkpointed, so that pages may overlap without a gap.</summary>
    bool AllowsOverlappingPages { get; }

    /// <summary>Begins to deliver; returns when this instance takes part in sharing the partitions.</summary>
    Task StartAsync(IFeedObserver observer, CancellationToken cancellationToken);

    /// <summary>Ends the delivery and gives the leases back. Never awaited from within a delivery.</summary>
    Task StopAsync();
}

/// <summary>What a source tells.</summary>
internal interface IFeedObserver
{
    /// <summary>
    /// A page of one lease; the next page of that lease comes only after this task has ended. The token ends with the tenure of the
    /// lease: a page with another token begins a new tenure.
    /// </summary>
    Task OnPageAsync(FeedPage page, CancellationToken tenure);

    /// <summary>Ends when all that was delivered up to now is finished.</summary>
    Task DrainAsync();

    /// <summary>This instance owns a lease now.</summary>
    Task OnLeaseAcquiredAsync(string lease);

    /// <summary>This instance no longer owns a lease.</summary>
    Task OnLeaseReleasedAsync(string lease);

    /// <summary>The source could not do something; it tries again by itself.</summary>
    Task OnErrorAsync(string lease, Exception exception);
}

/// <summary>The lease was taken: another instance owns it by now, or its position was moved.</summary>
internal sealed class FeedLeaseLostException(string lease, Exception? inner = null) : Exception($"Lease {lease} was taken from this instance.", inner);
