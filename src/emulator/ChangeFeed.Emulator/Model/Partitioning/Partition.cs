namespace ChangeFeed.Emulator.Model.Partitioning;

/// <summary>
/// A physical partition: an interval of effective partition keys with its own log sequence number (LSN).
/// </summary>
internal sealed class Partition(int id, EpkRange range, int[] parents, long lsn)
{
    private long _committed = lsn;
    private TaskCompletionSource _changed = NewSignal();

    public int Id => id;

    public string Name { get; } = id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public EpkRange Range => range;

    /// <summary>Ids of all ancestors, oldest first.</summary>
    public int[] Parents => parents;

    /// <summary>The last LSN that is on disk.</summary>
    public long Lsn => Volatile.Read(ref _committed);

    /// <summary>Versions up to this LSN are not in the log any more (or never were). Written by commits only.</summary>
    public long VersionsFrom { get; set; }

    /// <summary>The last LSN handed out; ahead of <see cref="Lsn"/> only between write and commit. Touched by commits only.</summary>
    public long PendingLsn { get; set; } = lsn;

    /// <summary>Completes at the first commit to this partition after this was read.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public void Commit()
    {
        Volatile.Write(ref _committed, PendingLsn);
        Wake();
    }

    /// <summary>Takes over what was read from disk after it was written there from elsewhere.</summary>
    public void Follow(Partition stored)
    {
        VersionsFrom = stored.VersionsFrom;
        if (stored.Lsn == Lsn)
            return;
        PendingLsn = stored.Lsn;
        Commit();
    }

    public void Rollback() => PendingLsn = _committed;

    /// <summary>Lets every waiting read look again, at a commit or because the partition is gone.</summary>
    public void Wake() => Interlocked.Exchange(ref _changed, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
