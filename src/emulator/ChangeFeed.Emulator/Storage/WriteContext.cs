using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage;

/// <summary>What the commands of one commit share: the store's transaction, the time, and what memory must follow.</summary>
internal sealed class WriteContext(IWriteSession session, long now)
{
    private const ulong ItemReservation = 4096;

    private readonly HashSet<(Container Container, Partition Partition)> _touched = [];
    private readonly HashSet<(Container Container, Partition Partition)> _toSave = [];
    private readonly Dictionary<Container, ulong> _reserved = [];
    private readonly List<Action> _onCommit = [];
    private readonly List<Action> _onRollback = [];

    public IWriteSession Session => session;

    /// <summary>Unix seconds; never less than in the commit before.</summary>
    public long Now => now;

    public void OnCommit(Action action) => _onCommit.Add(action);

    public void OnRollback(Action action) => _onRollback.Add(action);

    public void Touched(Container container, Partition partition) => _touched.Add((container, partition));

    /// <summary>After a delete no item shows the LSN any more, so it must be written down.</summary>
    public void LsnWithoutItem(Container container, Partition partition) => _toSave.Add((container, partition));

    public ulong NextItem(Container container)
    {
        // Numbers are reserved in blocks: a restart skips the rest of a block instead of every create paying for a counter.
        if (container.NextItem >= container.ReservedItems)
        {
            _reserved.TryAdd(container, container.ReservedItems);
            container.ReservedItems = container.NextItem + ItemReservation;
        }
        return container.NextItem++;
    }

    /// <summary>Writes to disk, and lets memory follow: whatever that fails with, what is on disk stays, and the rest of memory follows all the same.</summary>
    /// <param name="notFollowed">Told what failed once all is on disk.</param>
    public void Commit(Action<Exception> notFollowed)
    {
        foreach (var (container, partition) in _toSave)
            session.SavePartition(container, partition);
        foreach (var container in _reserved.Keys)
            session.SaveItemCounter(container, container.ReservedItems);
        session.Commit();
        foreach (var action in _onCommit.Concat(_touched.Select(touched => (Action)touched.Partition.Commit)))
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                notFollowed(exception);
            }
        }
    }

    public void Rollback()
    {
        foreach (var action in _onRollback)
            action();
        foreach (var (_, partition) in _touched)
            partition.Rollback();
        foreach (var (container, before) in _reserved)
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
