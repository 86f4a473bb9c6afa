using System.Globalization;
using System.Text;
using System.Text.Json;
using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;

namespace Orders.Archive;

/// <summary>An event as a row of the table, and back.</summary>
internal static class ArchiveRow
{
    /// <summary>The columns that are in the files, in the order of a row.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. ArchiveTable.Schema.DataFields.Select(field => field.Name)];

    private static readonly int SchemaVersion = Columns.ToList().IndexOf(ArchiveTable.Column.SchemaVersion);

    /// <summary>The partition of an event: the day on which it was decided, UTC. The same at each delivery, for the event says so itself.</summary>
    public static string DayOf(RecordedEvent e) => e.Meta.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The row of an event, its data in the schema of this build. What is sealed in it stays sealed.</summary>
    /// <exception cref="ChangeFeed.Sinks.SinkRefusedException">The event says something that the columns cannot hold.</exception>
    public static object?[] Of(RecordedEvent e, EventTypeMap types)
    {
        var columns = OrderColumns.Of(e.Data);
        return
        [
            e.StreamId,
            e.Version,
            e.Type,
            types.Describe(e.Data).Schema,
            ToMicrosecond(e.Meta.At),
            e.Meta.EventId.ToString(),
            e.Meta.By,
            e.Meta.CorrelationId,
            e.Meta.CausationId?.ToString(),
            e.Meta.TraceParent,
            e.Meta.Instance,
            columns.CustomerId,
            columns.Country,
            columns.Currency,
            columns.Total,
            columns.Amount,
            DataOf(e.Data, types),
        ];
    }

    /// <summary>The event of a row, its data brought to the schema of this build.</summary>
    /// <param name="row">The values of <see cref="Columns"/>.</param>
    /// <param name="types">The vocabulary.</param>
    /// <exception cref="UnknownEventException">This build does not know the type or schema.</exception>
    /// <exception cref="JsonException">The data does not fit the type.</exception>
    public static RecordedEvent Read(object?[] row, EventTypeMap types)
    {
        using var data = JsonDocument.Parse((string)row[^1]!);
        var (type, schema) = ((string)row[2]!, (int)row[SchemaVersion]!);
        return new RecordedEvent(
            (string)row[0]!,
            (long)row[1]!,
            type,
            schema,
            types.Read(type, schema, data.RootElement),
            new EventMeta(
                Guid.Parse((string)row[5]!),
                (DateTimeOffset)row[4]!,
                (string)row[6]!,
                (string)row[7]!,
                row[8] is string cause ? Guid.Parse(cause) : null,
                (string?)row[9],
                (string?)row[10]));
    }

    /// <summary>The row as this build would write it; the same row where it is that already.</summary>
    public static object?[] Renew(object?[] row, EventTypeMap types)
    {
        if (!types.TryGetClrType((string)row[2]!, out _))
            return row; // a newer build wrote it, and knows how
        var e = Read(row, types);
        var renewed = Of(e, types);
        return (int)row[SchemaVersion]! == (int)renewed[SchemaVersion]! && row.AsSpan()[11..16].SequenceEqual(renewed.AsSpan()[11..16]) ? row : renewed;
    }

    /// <summary>What the table keeps of a time.</summary>
    public static DateTimeOffset ToMicrosecond(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static string DataOf(object data, EventTypeMap types)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
            types.Write(json, data);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
