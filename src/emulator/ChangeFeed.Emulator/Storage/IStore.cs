using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage;

/// <summary>Where everything is kept. One writer at a time, any number of readers on snapshots.</summary>
internal interface IStore : IDisposable
{
    /// <summary>Reads databases, containers, partitions and offers; does not read items.</summary>
    Catalogue Load();

    IReadSession Read();

    /// <summary>Begins the one write transaction, on the thread that commits: a caller's or the committer's, never two at once.</summary>
    IWriteSession Write();

    /// <summary>
    /// Called on the thread that committed once its commands have been answered, before the next commit: time for upkeep.
    /// </summary>
    void AfterCommit();

    /// <summary>
    /// To be asked every second: whether a commit, be it an empty one, is wanted now so that what was removed leaves the disk.
    /// </summary>
    bool WantsCommit();

    /// <summary>Reads everything there is, slowly, and takes note of what is damaged.</summary>
    Task CheckAsync(CancellationToken stopping);

    StoreHealth Health { get; }

    /// <summary>Bytes on disk.</summary>
    long Size { get; }
}

/// <summary>Gets an item's JSON as it lies in the store; valid only during the call. Returns whether to go on.</summary>
internal delegate bool ItemVisitor(in StoredItem item, ReadOnlySpan<byte> body);

/// <summary>Reads one snapshot of the store.</summary>
internal interface IReadSession : IDisposable
{
    /// <summary>Pins one snapshot for the reads that follow; without it each read has its own.</summary>
    void Pin();

    StoredItem? Find(Container container, ReadOnlySpan<byte> epk, string id, bool withBody);

    /// <summary>Visits a partition's items in the order they were last written, from positions above <paramref name="after"/>.</summary>
    void ReadFeed(Container container, int partition, long after, ItemVisitor visit);

    /// <summary>The first position of a partition written at <paramref name="timestamp"/> or later, or null.</summary>
    long? FirstPositionSince(Container container, int partition, long timestamp, long lastPosition);

    /// <summary>Streams rid, times and body of items in rid order, beginning after (or, descending, before) a rid.</summary>
    IEnumerable<StoredItem> Scan(Container container, ItemScan scan);

    /// <summary>Visits the logged versions of a partition's items above position <paramref name="after"/>, in order.</summary>
    void ReadVersions(Container container, int partition, long after, Func<ItemVersion, bool> visit);

    StoredItem? Find(Container container, ulong rid);

    /// <summary>The item that holds a value of a unique key, or null.</summary>
    ulong? UniqueKeyOwner(Container container, ReadOnlySpan<byte> epk, ReadOnlySpan<byte> key);

    /// <summary>Some of the items whose time to live is over.</summary>
    IReadOnlyList<StoredItem> Expired(Container container, long now, int limit);

    long CountItems(Container container, int partition);

    /// <summary>Whether a container that keeps versions has some from before a time.</summary>
    bool HasVersionsBefore(Container container, long timestamp);

    /// <summary>The bytes of all items; reads the whole container.</summary>
    long CountBytes(Container container);

    /// <summary>The bytes of a partition's items; reads all of them.</summary>
    long CountBytes(Container container, int partition);
}

/// <summary>The items a scan is to visit.</summary>
internal sealed record ItemScan(EpkRange Range)
{
    public ulong? From { get; init; }

    public bool Descending { get; init; }

    /// <summary>Only these keys (or prefixes of hierarchical keys), to be sought by index; null for all of <see cref="Range"/>.</summary>
    public IReadOnlyList<EpkRange>? Keys { get; init; }

    /// <summary>Only items with these ids, to be sought by index; null for any.</summary>
    public IReadOnlyList<string>? Ids { get; init; }
}

/// <summary>Reads and writes inside the one write transaction.</summary>
internal interface IWriteSession : IReadSession
{
    void Savepoint();

    void RollbackToSavepoint();

    void Commit();

    void Insert(Container container, int partition, in StoredItem item);

    void Update(Container container, int partition, long oldPosition, in StoredItem item);

    void Delete(Container container, int partition, in StoredItem item);

    void AddVersion(Container container, int partition, in ItemVersion version);

    /// <summary>Drops logged versions older than a time; returns the last LSN dropped in each partition touched.</summary>
    IReadOnlyList<(Partition Partition, long Lsn)> DropVersions(Container container, long before, int limit);

    void AddUniqueKey(Container container, ReadOnlySpan<byte> epk, ReadOnlySpan<byte> key, ulong rid);

    void RemoveUniqueKeys(Container container, ulong rid);

    void SavePartition(Container container, Partition partition);

    /// <summary>Gives the items of a partition to two new ones, divided at the start of the second.</summary>
    void Split(Container container, Partition parent, Partition left, Partition right);

    void SaveItemCounter(Container container, ulong reserved);

    /// <summary>False where the name is taken.</summary>
    bool AddDatabase(Database database);

    void RemoveDatabase(Database database);

    bool AddContainer(Container container, string definition);

    void SaveContainer(Container container, ContainerDefinition definition, string json, long timestamp, string etag);

    void RemoveContainer(Container container);

    void AddIdIndex(Container container);

    void SaveOffer(Offer offer);

    void RemoveOffer(Offer offer);

    /// <summary>Does what a commit did elsewhere.</summary>
    void Replay(ReplicatedCommit commit);

    /// <summary>Forgets commits kept for copies, up to a number; copies do not hear of it.</summary>
    void DropCommits(long upTo);

    /// <summary>Notes that the account is written to elsewhere from now on.</summary>
    void SaveEpoch(int epoch, int writeRegion);

    /// <summary>Writes something, to see whether there is room.</summary>
    void TakeRoom();

    /// <summary>Removes what <see cref="TakeRoom"/> wrote.</summary>
    void GiveRoomBack();

    /// <summary>A number never handed out before, for a new database, container or offer.</summary>
    int NextNumber();
}
