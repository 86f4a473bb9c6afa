using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;

namespace Orders.Archive;

/// <summary>
/// The streams of the archive, for an event store that reads through. Opens the files of the days that a stream's mark names and that may have it as
/// the log says, and of these the groups of rows that do: after a compaction that is one file a day, sorted by stream.
/// </summary>
/// <param name="table">The archive.</param>
/// <param name="types">The vocabulary of the events.</param>
public sealed class ArchivedStreams(DeltaTable table, EventTypeMap types) : IColdStreams
{
    private DeltaSnapshot? _known;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<RecordedEvent>>> ReadAsync(
        IReadOnlyList<ColdStream> streams, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(streams, cancellationToken);
        }
        catch (DeltaTableException)
        {
            _known = null; // a vacuum may have deleted what an older version had
        }
        catch (TableStorageException e)
        {
            throw Unreadable(streams, e);
        }

        try
        {
            return await ReadOnceAsync(streams, cancellationToken);
        }
        catch (Exception e) when (e is DeltaTableException or TableStorageException)
        {
            throw Unreadable(streams, e);
        }
    }

    /// <summary>What a version of the table has of some streams, each in its order.</summary>
    /// <param name="snapshot">The version.</param>
    /// <param name="days">The streams, and on which days they have events; no days for any.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="DeltaTableException">A file is gone or damaged.</exception>
    internal async Task<IReadOnlyDictionary<string, SortedDictionary<long, RecordedEvent>>> FindAsync(
        DeltaSnapshot snapshot, IReadOnlyDictionary<string, IReadOnlyList<string>> days, CancellationToken cancellationToken)
    {
        var found = days.Keys.ToDictionary(stream => stream, _ => new SortedDictionary<long, RecordedEvent>(), StringComparer.Ordinal);
        foreach (var file in snapshot.Files)
        {
            var day = file.PartitionValues.GetValueOrDefault(ArchiveTable.Column.Day);
            var wanted = days
                .Where(stream => (stream.Value.Count == 0 || day is null || stream.Value.Contains(day)) && ArchivedKeys.MayHave(file, stream.Key))
                .Select(stream => stream.Key).ToHashSet(StringComparer.Ordinal);
            if (wanted.Count == 0)
                continue;
            // The first of the columns is the stream.
            var rows = table.ReadWantedAsync(snapshot, file, ArchiveRow.Columns, stream => wanted.Contains((string)stream!), cancellationToken);
            await foreach (var row in rows)
            {
                var e = ArchiveRow.Read(row, types);
                found[e.StreamId].TryAdd(e.Version, e);
            }
        }

        return found;
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<RecordedEvent>>> ReadOnceAsync(
        IReadOnlyList<ColdStream> streams, CancellationToken cancellationToken)
    {
        var snapshot = _known is { } known ? await table.UpdateAsync(known, cancellationToken) : await table.FindAsync(cancellationToken);
        _known = snapshot ?? throw new DeltaTableException($"There is no archive at {table.Location}.");
        var wanted = streams.DistinctBy(stream => stream.StreamId).ToDictionary(stream => stream.StreamId);
        var found = await FindAsync(snapshot, wanted.ToDictionary(s => s.Key, s => ColdHints.Of(s.Value.Hints).Days), cancellationToken);
        return wanted.ToDictionary(s => s.Key, s => Complete(s.Value, found[s.Key]));
    }

    private IReadOnlyList<RecordedEvent> Complete(ColdStream stream, SortedDictionary<long, RecordedEvent> found)
    {
        var hints = ColdHints.Of(stream.Hints);
        // As it is read, the data is in the schema of this build.
        var events = found.Values.TakeWhile(e => e.Version <= stream.LastVersion)
            .Select(e => hints.Exact(e) with { Schema = types.Describe(e.Data).Schema }).ToList();
        if (events.Index().FirstOrDefault(e => e.Item.Version != e.Index, (Index: events.Count, null!)).Index is var gap && gap <= stream.LastVersion)
            throw new ColdStreamException(
                $"The archive at {table.Location} does not have event {gap} of stream {stream.StreamId}, of which {stream.LastVersion + 1} were taken there.");
        return events;
    }

    private static ColdStreamException Unreadable(IReadOnlyList<ColdStream> streams, Exception e) =>
        new($"Stream {streams[0].StreamId} is in the archive, which cannot be read: {e.Message}", e);
}
