using System.Security.Cryptography;
using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;

namespace Orders.Archive;

/// <summary>What a comparison found.</summary>
/// <param name="Archived">Rows of the table.</param>
/// <param name="Stored">Events of the store.</param>
/// <param name="Missing">Events that the table does not have: they are on their way, their stream is parked, or they are lost.</param>
/// <param name="Differences">What must not be: an event twice, another one than the store has, one the store does not have. The first hundred.</param>
public sealed record ArchiveComparison(long Archived, long Stored, long Missing, IReadOnlyList<string> Differences);

/// <summary>Compares the table, read by its log alone, with the event store. Holds some hundred bytes for each event.</summary>
/// <param name="table">The table.</param>
/// <param name="feed">Every event of the store.</param>
/// <param name="types">The vocabulary.</param>
public sealed class ArchiveVerification(DeltaTable table, ChangeFeedReader feed, EventTypeMap types)
{
    private const int MaxDifferences = 100;

    /// <summary>Compares a version of the table with the store as it is.</summary>
    /// <param name="snapshot">The version; of a table that is written to, the newest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ArchiveComparison> RunAsync(DeltaSnapshot snapshot, CancellationToken cancellationToken)
    {
        var (archived, differences) = (new Dictionary<(string Stream, long Version), UInt128>(), new List<string>());
        var rows = 0L;
        foreach (var file in snapshot.Files)
        {
            await foreach (var row in table.ReadAsync(snapshot, file, ArchiveRow.Columns, cancellationToken))
            {
                rows++;
                var e = ArchiveRow.Read(row, types);
                if (!archived.TryAdd((e.StreamId, e.Version), Content(e, types)))
                    Note($"{e.StreamId}/{e.Version} is there twice.");
            }
        }

        var (stored, missing) = (0L, 0L);
        await foreach (var page in feed.ReadAsync(null, cancellationToken))
        {
            foreach (var e in page.Events)
            {
                stored++;
                if (!archived.Remove((e.StreamId, e.Version), out var content))
                    missing++;
                else if (content != Content(e, types))
                    Note($"{e.StreamId}/{e.Version} is not what the store has.");
            }
        }

        foreach (var ((stream, version), _) in archived)
            Note($"{stream}/{version} is not in the store.");
        return new ArchiveComparison(rows, stored, missing, differences);

        void Note(string difference)
        {
            if (differences.Count < MaxDifferences)
                differences.Add(difference);
        }
    }

    /// <summary>An event as it is compared: its data in the schema of this build, its time as the table keeps it.</summary>
    internal static RecordedEvent Comparable(RecordedEvent e, EventTypeMap types) =>
        e with { Schema = types.Describe(e.Data).Schema, Meta = e.Meta with { At = ArchiveRow.ToMicrosecond(e.Meta.At) } };

    private static UInt128 Content(RecordedEvent e, EventTypeMap types) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(EventDocument.Write(Comparable(e, types), types)));
}
