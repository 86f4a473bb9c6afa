using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Query.Sources;

/// <summary>The items a query request is about, found by index where the query names keys or ids.</summary>
internal sealed class ItemQuerySource(EngineState state, ReadTarget target) : IQuerySource
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
            items = items with
            {
                Keys = [.. keys.Select(key => EpkRange.Prefix(PartitionKey.Parse(key, container.Definition.PartitionKey).Effective))]
            };
        if (items is { Keys: null, Ids: not null })
            IdIndex.Ensure(state.Committer, container);
        return Rows(items);
    }

    private IEnumerable<QueryRow> Rows(ItemScan scan)
    {
        var now = state.Now;
        using var session = state.Store.Read();
        session.Pin();
        foreach (var item in session.Scan(target.Container, scan))
            if (!item.IsExpired(target.Container.Definition, now))
                yield return new(item.Rid, item.Body);
    }
}
