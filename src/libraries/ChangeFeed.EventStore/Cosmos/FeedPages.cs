using System.Runtime.CompilerServices;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore.Cosmos;

/// <summary>Reads a change feed when asked, without leases, as raw documents.</summary>
public static class FeedPages
{
    /// <summary>
    /// Reads page after page up to the end as it is. The last page is empty, and its continuation is the position of the end. A page is gone when
    /// the next one is asked for.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="position">The continuation <paramref name="start"/> was made of; null where it was made of none.</param>
    /// <param name="mode">The latest version of each document, or all of them.</param>
    /// <param name="options">The size of a page, and the like.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="CosmosException">The store refused.</exception>
    public static async IAsyncEnumerable<DocumentPage> ReadFeedToEndAsync(
        this Container container, ChangeFeedStartFrom start, string? position, ChangeFeedMode mode, ChangeFeedRequestOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var pages = container.GetChangeFeedStreamIterator(start, mode, options);
        // When a range turns out to be split, the SDK says "not modified" before it has asked the new ones. The end is where it says so
        // and nothing has moved since it said so last, or since the position: who looks again and again asks once.
        var unmoved = position;
        var charge = 0d;
        while (true)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            if (page.IsEnd && page.Continuation != unmoved)
            {
                unmoved = page.Continuation;
                charge += page.RequestCharge;
                continue;
            }

            page.RequestCharge += charge;
            charge = 0;
            yield return page;
            if (page.IsEnd)
                yield break;
        }
    }
}
