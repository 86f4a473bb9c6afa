using System.Globalization;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

/// <summary>
/// Makes a new data file of what can be read, beside the damaged one, and puts it in its place; the damaged files are kept in a directory.
/// Log sequence numbers and rids go on far above what may have been handed out, so that no reader of the change feed misses what
/// comes next and no number is given twice.
/// </summary>
internal sealed class Repair(string dataFile, TimeProvider time, Action<string> say)
{
    private const int ItemsPerCommit = 1000;

    // More than one commit can hand out, for each commit that may be lost.
    private const long NumbersPerCommit = 4096;
    private const long Gap = 1_000_000;

    private readonly string _repaired = RepairedFile(dataFile);

    public static string RepairedFile(string dataFile) => Path.Combine(Path.GetDirectoryName(dataFile)!, "repaired.db");

    /// <summary>A repair was interrupted when it had put the damaged file away.</summary>
    public static bool IsUnfinished(string dataFile) => !File.Exists(dataFile) && File.Exists(RepairedFile(dataFile));

    /// <summary>Returns whether nothing was lost; says per container what was kept.</summary>
    public bool Run()
    {
        var whole = true;
        if (!IsUnfinished(dataFile))
        {
            foreach (var file in FilesOf(_repaired).Where(File.Exists))
                File.Delete(file);
            whole = Rebuild();
            PutAway();
        }
        foreach (var (from, to) in FilesOf(_repaired).Zip(FilesOf(dataFile)).Where(pair => File.Exists(pair.First)).Reverse().ToList())
            File.Move(from, to);
        say($"{dataFile} is whole again.");
        return whole;
    }

    private bool Rebuild()
    {
        using var salvage = new Salvage(dataFile);
        var whole = Losses.Commits(salvage, say);
        using (var store = new SqliteStore(_repaired, durable: true, time))
        {
            foreach (var database in salvage.Catalogue.Databases)
            {
                Commit(store, session => session.AddDatabase(database));
                foreach (var container in database.Containers)
                    whole &= Copy(salvage, store, container);
            }
            foreach (var offer in salvage.Catalogue.Offers)
                Commit(store, session => session.SaveOffer(offer));
        }
        using (var connection = SqliteConnection.Open(_repaired, readOnly: false))
            connection.Use("UPDATE meta SET value = ?1 WHERE key = 'next_number'").Bind(1, salvage.NextNumber).Run();
        return whole;
    }

    private bool Copy(Salvage salvage, SqliteStore store, Container damaged)
    {
        var skipped = Gap + NumbersPerCommit * salvage.LostCommits;
        var container = new Container(
            damaged.Database, damaged.Number, damaged.Rid, damaged.Definition, damaged.Timestamp, damaged.Etag,
            damaged.Partitions.Select(partition => Above(partition, skipped)), damaged.NextItem + (ulong)skipped);
        Commit(store, session => session.AddContainer(container, ContainerJson.Stored(container.Definition)));

        var count = new SalvageCount();
        foreach (var items in salvage.Items(damaged, count).Chunk(ItemsPerCommit))
            Commit(store, session => count.Read -= items.Count(item => !Added(session, container, item)));
        var whole = Losses.Items(salvage, damaged, count, say);

        var others = new SalvageCount();
        var keys = salvage.UniqueKeys(damaged, others);
        Commit(store, session =>
        {
            foreach (var (epk, key, rid) in keys.Where(key => session.Find(container, (ulong)key.Rid) is not null))
                session.AddUniqueKey(container, epk, key, (ulong)rid);
            if (damaged.HasIdIndex)
                session.AddIdIndex(container);
        });
        if (others.Damaged > 0)
            say($"{damaged.Database.Id}/{damaged.Id}: some values of its unique keys are lost; they may be used again.");
        return CopyVersions(salvage, store, container, whole && salvage.LostCommits == 0) && whole && others.Damaged == 0;
    }

    /// <summary>A log with a gap would deceive its readers: they are told to start again instead.</summary>
    private bool CopyVersions(Salvage salvage, SqliteStore store, Container container, bool whole)
    {
        if (container.Definition.VersionRetention is null)
            return true;
        var count = new SalvageCount();
        var versions = salvage.Versions(container, count);
        if (whole && count.Damaged == 0)
        {
            foreach (var some in versions.Chunk(ItemsPerCommit))
                Commit(store, session =>
                {
                    foreach (var (range, version) in some)
                        session.AddVersion(container, range, version);
                });
            return true;
        }
        say($"{container.Database.Id}/{container.Id}: its feed of all versions and deletes begins anew.");
        Commit(store, session =>
        {
            foreach (var partition in container.Partitions)
            {
                partition.VersionsFrom = partition.Lsn;
                session.SavePartition(container, partition);
            }
        });
        return false;
    }

    private static Partition Above(Partition partition, long skipped) =>
        new(partition.Id, partition.Range, partition.Parents, partition.Lsn + skipped) { VersionsFrom = partition.VersionsFrom };

    private static bool Added(IWriteSession session, Container container, StoredItem item)
    {
        try
        {
            session.Insert(container, container.PartitionOf(item.Epk).Id, item);
            return true;
        }
        catch (SqliteException exception) when (exception.IsConstraint)
        {
            // Another row has its key or its place in the feed: of two that damage has made alike, the first is kept.
            return false;
        }
    }

    private static void Commit(SqliteStore store, Action<IWriteSession> change)
    {
        using (var session = store.Write())
        {
            change(session);
            session.Commit();
        }
        store.AfterCommit();
    }

    private void PutAway()
    {
        var moment = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var kept = Path.Combine(Path.GetDirectoryName(dataFile)!, $"damaged-{moment}");
        Files.CreateDirectory(kept);
        // The data file last: until it is gone, a repair that is interrupted begins again.
        foreach (var file in FilesOf(dataFile).Where(File.Exists).Reverse())
            File.Move(file, Path.Combine(kept, Path.GetFileName(file)));
        say($"The damaged files are in {kept}; delete them when nothing in them is needed any more.");
    }

    private static string[] FilesOf(string path) => [path, $"{path}-wal", $"{path}-shm", SqliteStore.AcknowledgedFile(path)];
}
