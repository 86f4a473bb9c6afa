using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage;

/// <summary>What the commands of one commit share: the store's transaction, the time, and what memory must follow.</summary>
sealed class WriteContext(IWriteSession session, long now)
{
    const ulong ItemReservation = 4096;

    readonly HashSet<(Container Container, Partition Partition)> touched = [];
    readonly HashSet<(Container Container, Partition Partition)> toSave = [];
    readonly Dictionary<Container, ulong> reserved = [];
    readonly List<Action> onCommit = [];
    readonly List<Action> onRollback = [];

    public IWriteSession Session => session;

    /// <summary>Unix seconds; never less than in the commit before.</summary>
    public long Now => now;

    public void OnCommit(Action action) => onCommit.Add(action);

    public void OnRollback(Action action) => onRollback.Add(action);

    public void Touched(Container container, Partition partition) => touched.Add((container, partition));

    /// <summary>After a delete no item shows the LSN any more, so it must be written down.</summary>
    public void LsnWithoutItem(Container container, Partition partition) => toSave.Add((container, partition));

    public ulong NextItem(Container container)
    {
        // Numbers are reserved in blocks: a restart skips the rest of a block instead of every create paying for a counter.
        if (container.NextItem >= container.ReservedItems)
        {
            reserved.TryAdd(container, container.ReservedItems);
            container.ReservedItems = container.NextItem + ItemReservation;
        }
        return container.NextItem++;
    }

    public void Commit()
    {
        foreach (var (container, partition) in toSave)
            session.SavePartition(container, partition);
        foreach (var container in reserved.Keys)
            session.SaveItemCounter(container, container.ReservedItems);
        session.Commit();
        foreach (var action in onCommit)
            action();
        foreach (var (_, partition) in touched)
            partition.Commit();
    }

    public void Rollback()
    {
        foreach (var action in onRollback)
            action();
        foreach (var (_, partition) in touched)
            partition.Rollback();
        foreach (var (container, before) in reserved)
            container.ReservedItems = before;
    }

    /// <summary>Versions up to an LSN are not in the log.</summary>
    public void BeginVersions(Container container, Partition partition, long lsn)
    {
        var before = partition.VersionsFrom;
        OnRollback(() => partition.VersionsFrom = before);
        partition.VersionsFrom = lsn;
        session.SavePartition(container, partition);
    }
}
