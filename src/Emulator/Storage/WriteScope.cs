using OrderPipeline.Emulator.Resources;

namespace OrderPipeline.Emulator.Storage;

/// <summary>One transaction in the client's sense: all its writes share one LSN of one partition.</summary>
sealed class WriteScope(Container container, Partition partition)
{
    readonly long lsn = partition.PendingLsn + 1;
    int writes;

    public Container Container => container;

    public Partition Partition => partition;

    public bool HasWritten => writes > 0;

    public long NextPosition()
    {
        partition.PendingLsn = lsn;
        return StoredItem.PositionOf(lsn, writes++);
    }

    /// <summary>The writes were undone, so their LSN was never handed out.</summary>
    public void Undo()
    {
        if (HasWritten)
            partition.PendingLsn = lsn - 1;
        writes = 0;
    }
}
