using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using Microsoft.Extensions.Logging;

namespace Orders.Archive;

/// <summary>
/// Writes every event once into a Delta table, by the day it was decided on. A batch is a data file for each day and one commit. Whether an event
/// is there already is asked of the very version that the commit is made on: where somebody else commits first, it is asked again of theirs.
/// So neither redelivery, nor two instances, nor a range that has moved or split writes an event twice (ADR 16).
/// </summary>
/// <param name="table">The table.</param>
/// <param name="types">The vocabulary of the events.</param>
/// <param name="logger">Told of checkpoints that failed.</param>
public sealed class ArchiveSink(DeltaTable table, EventTypeMap types, ILogger<ArchiveSink> logger) : ISink<DeliveredEvent>, IDisposable
{
    private readonly ArchivedKeys _keys = new(table);
    private readonly Dictionary<string, string> _tags = new([ArchiveTable.Form(types)]);
    private readonly SemaphoreSlim _turn = new(1);
    private DeltaSnapshot? _snapshot;
    private string? _tableId;

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<DeliveredEvent> batch, CancellationToken cancellationToken)
    {
        // A write that was given up because it took too long may still be at it.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Before anything is written: what is refused is found by halving, and then nothing of its batch has been written in vain.
            var rows = new Dictionary<RecordedEvent, object?[]>(ReferenceEqualityComparer.Instance);
            foreach (var delivered in batch)
                rows[delivered.Event] = ArchiveRow.Of(delivered.Event, types);
            _snapshot = _snapshot is null ? await OpenAsync(cancellationToken) : await table.UpdateAsync(_snapshot, cancellationToken);
            await WriteAsync(batch, rows, cancellationToken);
        }
        catch (Exception e) when (e is DeltaTableException or TableStorageException)
        {
            _snapshot = null; // read anew the next time: it may be another by then
            throw new SinkUnavailableException($"The archive takes nothing: {e.Message}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // A disk that is not mounted looks like a table that was never made. Who has seen the table makes no other.
    private async Task<DeltaSnapshot> OpenAsync(CancellationToken cancellationToken)
    {
        if (_tableId is not null && (await table.FindAsync(cancellationToken))?.TableId != _tableId)
            throw new DeltaTableException($"The table at {table.Location} is gone, or is another than it was.");
        var snapshot = await table.OpenOrCreateAsync(ArchiveTable.Schema, cancellationToken);
        _tableId = snapshot.TableId;
        return snapshot;
    }

    private async Task WriteAsync(IReadOnlyList<DeliveredEvent> batch, Dictionary<RecordedEvent, object?[]> rows, CancellationToken cancellationToken)
    {
        var written = new List<(DeltaFile File, List<RecordedEvent> Events)>();
        while (true)
        {
            var there = await _keys.FindAsync(_snapshot!, [.. batch.Select(delivered => delivered.Event)], cancellationToken);
            // The same event can be in a batch twice: under the lease it was lost with, and under the one it came again with.
            var fresh = batch.Where(delivered => !there.Contains(delivered.Event))
                .DistinctBy(delivered => (delivered.Event.StreamId, delivered.Event.Version)).ToList();
            written = await FilesAsync(written, fresh, rows, cancellationToken);
            if (fresh.Count == 0)
                return;
            var change = new DeltaChange("WRITE")
            {
                Added = [.. written.Select(one => one.File)],
                Transactions = Transactions(_snapshot!, fresh),
                Parameters = new Dictionary<string, string> { ["mode"] = "Append" },
            };
            if (await table.TryCommitAsync(_snapshot!, change, cancellationToken) is { } made)
            {
                _snapshot = made;
                foreach (var (file, events) in written)
                    _keys.Add(file, events);
                await CheckpointAsync(made, cancellationToken);
                return;
            }

            _snapshot = await table.UpdateAsync(_snapshot!, cancellationToken);
        }
    }

    /// <summary>
    /// How far each physical partition is. A mark, and nothing is decided by it: what is parked or comes again is behind it, and what a split moved
    /// or somebody repaired has another number.
    /// </summary>
    private static Dictionary<string, long> Transactions(DeltaSnapshot snapshot, IEnumerable<DeliveredEvent> fresh) => fresh
        .Where(delivered => delivered.Lsn is not null)
        .GroupBy(delivered => $"{ArchiveTable.Endpoint}/{delivered.Lease}")
        .ToDictionary(range => range.Key, range => Math.Max(range.Max(delivered => delivered.Lsn!.Value), snapshot.Transaction(range.Key) ?? 0));

    /// <summary>
    /// A file for each day; those of the attempt before that still have exactly what is to be written are used. The others are no part of the
    /// table, and go with a vacuum.
    /// </summary>
    private async Task<List<(DeltaFile File, List<RecordedEvent> Events)>> FilesAsync(
        List<(DeltaFile File, List<RecordedEvent> Events)> before,
        IEnumerable<DeliveredEvent> fresh,
        Dictionary<RecordedEvent, object?[]> rows,
        CancellationToken cancellationToken)
    {
        var files = new List<(DeltaFile File, List<RecordedEvent> Events)>();
        foreach (var day in fresh.Select(delivered => delivered.Event).GroupBy(ArchiveRow.DayOf))
        {
            var events = day.OrderBy(e => e.StreamId, StringComparer.Ordinal).ThenBy(e => e.Version).ToList();
            var kept = before.Find(one => one.Events.SequenceEqual(events, ReferenceEqualityComparer.Instance));
            files.Add(kept.File is not null ? kept : (await FileAsync(day.Key, events), events));
        }

        return files;

        Task<DeltaFile> FileAsync(string day, List<RecordedEvent> events) => table.WriteFileAsync(
            ArchiveTable.Schema,
            new Dictionary<string, string?> { [ArchiveTable.Column.Day] = day },
            [.. events.Select(e => rows[e])],
            _tags,
            cancellationToken);
    }

    // The events are safe by then, and the next one that is due does it again.
    private async Task CheckpointAsync(DeltaSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (!DeltaTable.IsCheckpointDue(snapshot))
            return;
        try
        {
            await table.WriteCheckpointAsync(snapshot, cancellationToken);
        }
        catch (TableStorageException e)
        {
            logger.LogWarning(e, "The checkpoint of version {Version} of the archive could not be written; the events of it are safe.", snapshot.Version);
        }
    }
}
