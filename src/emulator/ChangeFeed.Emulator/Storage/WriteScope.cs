using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage;

/// <summary>One transaction in the client's sense: all its writes share one LSN of one partition.</summary>
internal sealed class WriteScope(Container container, Partition partition)
{
    private readonly long _lsn = partition.PendingLsn + 1;
    private int _writes;

    public Container Container => container;

    public bool KeepsVersions => container.Definition.VersionRetention is not null;

    public long NextPosition()
    {
        partition.PendingLsn = _lsn;
        return StoredItem.PositionOf(_lsn, _writes++);
    }

    public void Insert(WriteContext context, in StoredItem item)
    {
        context.Touched(container, partition);
        context.Session.Insert(container, partition.Id, item);
        if (KeepsVersions)
            context.Session.AddVersion(
                container, partition.Id, new(item.Position, item.Epk, VersionKind.Create, item.Timestamp, null, item.Body, []));
    }

    public void Update(WriteContext context, in StoredItem before, in StoredItem item)
    {
        context.Touched(container, partition);
        if (before.Id == item.Id)
        {
            context.Session.Update(container, partition.Id, before.Position, item);
        }
        else
        {
            context.Session.Delete(container, partition.Id, before);
            context.Session.Insert(container, partition.Id, item);
        }
        if (KeepsVersions)
            context.Session.AddVersion(
                container,
                partition.Id,
                new(item.Position, item.Epk, VersionKind.Replace, item.Timestamp, before.Position, item.Body, before.Body));
    }

    public void Delete(WriteContext context, in StoredItem item, VersionKind kind)
    {
        var position = NextPosition();
        context.Touched(container, partition);
        context.LsnWithoutItem(container, partition);
        context.Session.Delete(container, partition.Id, item);
        if (container.Definition.UniqueKeys.Length > 0)
            context.Session.RemoveUniqueKeys(container, item.Rid);
        if (KeepsVersions)
            context.Session.AddVersion(container, partition.Id, new(position, item.Epk, kind, context.Now, item.Position, [], item.Body));
    }

    /// <summary>The writes were undone, so their LSN was never handed out.</summary>
    public void Undo()
    {
        if (_writes > 0)
            partition.PendingLsn = _lsn - 1;
        _writes = 0;
    }
}
