using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;

namespace Orders.Archive;

/// <summary>
/// Which events a table has. Looks only into files of the event's own day whose log entry says that they may have it, and keeps what it read, so a
/// file is read once and one's own files never.
/// </summary>
/// <param name="table">The table.</param>
internal sealed class ArchivedKeys(DeltaTable table)
{
    // A hundred bytes each: what is more than this is read again when it is needed.
    private const int MaxStreams = 200_000;

    private static readonly string[] KeyColumns = [ArchiveTable.Column.StreamId, ArchiveTable.Column.Version];

    private readonly Dictionary<string, LinkedListNode<(string Path, StreamVersions Keys)>> _known = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Path, StreamVersions Keys)> _byUse = new();
    private int _streams;

    /// <summary>How many files were read to find out.</summary>
    public int FilesRead { get; private set; }

    /// <summary>Those of some events that the table has.</summary>
    public async Task<HashSet<RecordedEvent>> FindAsync(DeltaSnapshot snapshot, IReadOnlyList<RecordedEvent> events, CancellationToken cancellationToken)
    {
        var found = new HashSet<RecordedEvent>(ReferenceEqualityComparer.Instance);
        var days = events.GroupBy(ArchiveRow.DayOf).ToDictionary(day => day.Key, day => day.ToList());
        foreach (var file in snapshot.Files)
        {
            if (file.PartitionValues.GetValueOrDefault(ArchiveTable.Column.Day) is not { } day || !days.TryGetValue(day, out var ofDay))
                continue;
            var candidates = ofDay.Where(e => MayHave(file, e)).ToList();
            if (candidates.Count == 0)
                continue;
            var keys = await KeysAsync(snapshot, file, cancellationToken);
            found.UnionWith(candidates.Where(e => keys.Has(e.StreamId, e.Version)));
        }

        return found;
    }

    /// <summary>Notes what a file has that was just written.</summary>
    public void Add(DeltaFile file, IEnumerable<RecordedEvent> events)
    {
        var keys = new StreamVersions();
        foreach (var e in events)
            keys.Add(e.StreamId, e.Version);
        Keep(file, keys);
    }

    /// <summary>Whether a file may have events of a stream, as the log says.</summary>
    public static bool MayHave(DeltaFile file, string stream) => file.Range(ArchiveTable.Column.StreamId) is not { } streams
        || (string.CompareOrdinal(stream, streams.Least.GetString()) >= 0 && string.CompareOrdinal(stream, streams.Greatest.GetString()) <= 0);

    private static bool MayHave(DeltaFile file, RecordedEvent e) => MayHave(file, e.StreamId)
        && (file.Range(ArchiveTable.Column.Version) is not { } versions
            || (e.Version >= versions.Least.GetInt64() && e.Version <= versions.Greatest.GetInt64()));

    private async Task<StreamVersions> KeysAsync(DeltaSnapshot snapshot, DeltaFile file, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(file.Path, out var node))
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Keys;
        }

        var keys = new StreamVersions();
        await foreach (var row in table.ReadAsync(snapshot, file, KeyColumns, cancellationToken))
            keys.Add((string)row[0]!, (long)row[1]!);
        FilesRead++;
        Keep(file, keys);
        return keys;
    }

    private void Keep(DeltaFile file, StreamVersions keys)
    {
        if (!_known.TryAdd(file.Path, _byUse.AddLast((file.Path, keys))))
            return;
        _streams += keys.Streams;
        // The one that was just needed stays, however large.
        while (_streams > MaxStreams && _byUse.First is { } oldest && oldest != _byUse.Last)
        {
            _byUse.RemoveFirst();
            _known.Remove(oldest.Value.Path);
            _streams -= oldest.Value.Keys.Streams;
        }
    }
}
