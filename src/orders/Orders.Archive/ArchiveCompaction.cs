using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Maintenance;
using ChangeFeed.EventStore;

namespace Orders.Archive;

/// <summary>Puts the files of each day together, sorted by stream, and brings rows of older schemas to the one of this build.</summary>
public static class ArchiveCompaction
{
    /// <summary>Compacts a table. The sink goes on meanwhile.</summary>
    /// <param name="table">The table.</param>
    /// <param name="types">The vocabulary.</param>
    /// <param name="cancellationToken">Ends it between two commits.</param>
    public static async Task<CompactionResult> RunAsync(DeltaTable table, EventTypeMap types, CancellationToken cancellationToken)
    {
        // A table of an older build gets the columns of this one, so that renewed rows have where to put them.
        var snapshot = await table.OpenOrCreateAsync(ArchiveTable.Schema, cancellationToken);
        var columns = snapshot.Schema.DataFields.Select(field => field.Name).ToList();
        var places = ArchiveRow.Columns.Select(column => columns.IndexOf(column)).ToArray();
        return await new DeltaCompaction(table).RunAsync(
            new CompactionOptions { Order = Compare, Renewal = new RowRenewal(ArchiveTable.Form(types), row => Renew(row, places, types)) }, cancellationToken);

        int Compare(object?[] one, object?[] other) =>
            string.CompareOrdinal((string)one[places[0]]!, (string)other[places[0]]!) is var streams && streams != 0
                ? streams
                : ((long)one[places[1]]!).CompareTo((long)other[places[1]]!);
    }

    // The table may have its columns in another order, and some that this build does not know: those stay.
    private static object?[] Renew(object?[] row, int[] places, EventTypeMap types)
    {
        var known = Array.ConvertAll(places, place => row[place]);
        var renewed = ArchiveRow.Renew(known, types);
        if (ReferenceEquals(renewed, known))
            return row;
        var changed = (object?[])row.Clone();
        for (var i = 0; i < places.Length; i++)
            changed[places[i]] = renewed[i];
        return changed;
    }
}
