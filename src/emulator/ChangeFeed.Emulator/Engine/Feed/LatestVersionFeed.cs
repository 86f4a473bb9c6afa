using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Feed;

/// <summary>Reads the latest-version change feed: every item once, where it was last written, in the order of its partition.</summary>
internal static class LatestVersionFeed
{
    /// <summary>
    /// Fills the page; returns the LSN to continue after. Items of one transaction are never split over pages, and nothing beyond the current LSN
    /// is in them: what is on disk already while its commit is being told of has session tokens that other reads would refuse.
    /// </summary>
    public static long Read(
        IReadSession session, ReadTarget target, ChangeFeedStart start, int maxItems, long now, long currentLsn, FeedPage page)
    {
        var (container, partition) = (target.Container, target.Partition);
        var after = start.AfterLsn is { } lsn ? StoredItem.EndOf(lsn) : -1;
        if (start.Since is { } since)
        {
            // The service begins behind the second it is given.
            if (session.FirstPositionSince(container, partition.Id, since + 1, StoredItem.EndOf(currentLsn)) is not { } first)
                return currentLsn;
            after = first - 1;
        }

        var wholePartition = target.IsWholePartition;
        long last = 0;
        var stopped = false;
        session.ReadFeed(container, partition.Id, after, (in item, body) =>
        {
            if (item.Lsn > currentLsn)
                return false;
            if (item.Lsn != last && (page.Count >= maxItems || page.IsFull))
            {
                stopped = true;
                return false;
            }
            last = item.Lsn;
            if ((wholePartition || target.Range.Contains(item.Epk)) && !item.IsExpired(container.Definition, now))
            {
                page.Next();
                ItemRenderer.WriteWithLsn(page, body, item.Lsn);
                page.Look(body);
            }
            return true;
        });
        return stopped ? last : Math.Max(last, currentLsn);
    }
}
