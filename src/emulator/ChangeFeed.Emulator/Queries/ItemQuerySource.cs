using ChangeFeed.Emulator.Http;
using ChangeFeed.Emulator.Query;
using ChangeFeed.Emulator.Resources;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Queries;

/// <summary>The items a query request is about, found by index where the query names keys or ids.</summary>
sealed class ItemQuerySource(EmulatorState state, RequestTarget target) : IQuerySource
{
    public IEnumerable<QueryRow> Scan(QueryScan scan)
    {
        var container = target.Container;
        var items = target.Scan with
        {
            From = scan.AfterRid == 0 && !scan.Descending ? null : scan.AfterRid,
            Descending = scan.Descending,
            Ids = scan.Ids,
        };
        if (items.Keys is null && scan.PartitionKeys is { } keys)
            items = items with { Keys = [.. keys.Select(key => EpkRange.Prefix(PartitionKey.Parse(key, container.Definition.PartitionKey).Effective))] };
        if (items is { Keys: null, Ids: not null })
            IdIndex.Ensure(state, container);
        return Rows(items);
    }

    IEnumerable<QueryRow> Rows(ItemScan scan)
    {
        var now = state.Now;
        using var session = state.Store.Read();
        session.Pin();
        foreach (var item in session.Scan(target.Container, scan))
            if (!item.IsExpired(target.Container.Definition, now))
                yield return new(item.Rid, item.Body);
    }
}
