using System.Security.Cryptography;
using System.Text;
using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;
using ChangeFeed.Sinks;

namespace Orders.Archive;

/// <summary>The table of all events: its columns, and where it is.</summary>
public static class ArchiveTable
{
    /// <summary>The sink's endpoint.</summary>
    public const string Endpoint = "archive";

    /// <summary>
    /// The columns. What later builds add must be nullable and stand before the day, or behind it: their order in the table is that in which they
    /// came.
    /// </summary>
    public static DeltaSchema Schema { get; } = new(
        [
            new DeltaField(Column.StreamId, DeltaTypes.String, IsNullable: false),
            new DeltaField(Column.Version, DeltaTypes.Long, IsNullable: false),
            new DeltaField(Column.Type, DeltaTypes.String, IsNullable: false),
            new DeltaField(Column.SchemaVersion, DeltaTypes.Integer, IsNullable: false),
            new DeltaField(Column.OccurredAt, DeltaTypes.Timestamp, IsNullable: false),
            new DeltaField(Column.EventId, DeltaTypes.String, IsNullable: false),
            new DeltaField(Column.AppendedBy, DeltaTypes.String, IsNullable: false),
            new DeltaField(Column.CorrelationId, DeltaTypes.String, IsNullable: false),
            new DeltaField(Column.CausationId, DeltaTypes.String),
            new DeltaField(Column.TraceParent, DeltaTypes.String),
            new DeltaField(Column.Instance, DeltaTypes.String),
            new DeltaField(Column.CustomerId, DeltaTypes.String),
            new DeltaField(Column.Country, DeltaTypes.String),
            new DeltaField(Column.Currency, DeltaTypes.String),
            new DeltaField(Column.Total, OrderColumns.MoneyType),
            new DeltaField(Column.Amount, OrderColumns.MoneyType),
            new DeltaField(Column.Data, DeltaTypes.String, IsNullable: false),
            new DeltaField(Column.Day, DeltaTypes.Date, IsNullable: false),
        ],
        [Column.Day]);

    /// <summary>The folder of the table of a generation, in the directory or container of the archive.</summary>
    /// <param name="generation">1 for the first.</param>
    public static string FolderOf(int generation) => Sink.NameOf("events", generation);

    /// <summary>A note on files whose rows are all as this build writes them: its schemas of events, and its columns.</summary>
    internal static KeyValuePair<string, string> Form(EventTypeMap types)
    {
        var schemas = types.Names.Order(StringComparer.Ordinal).Select(name => FormattableString.Invariant($"{name} {types.SchemaOf(name)}"));
        var form = string.Join('\n', schemas.Concat(Schema.Fields.Select(field => $"{field.Name} {field.Type}")));
        return KeyValuePair.Create("orders.form", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(form)))[..16]);
    }

    /// <summary>Names of columns.</summary>
    internal static class Column
    {
        public const string StreamId = "stream_id";
        public const string Version = "version";
        public const string Type = "type";
        public const string SchemaVersion = "schema_version";
        public const string OccurredAt = "occurred_at";
        public const string EventId = "event_id";
        public const string AppendedBy = "appended_by";
        public const string CorrelationId = "correlation_id";
        public const string CausationId = "causation_id";
        public const string TraceParent = "trace_parent";
        public const string Instance = "instance";
        public const string CustomerId = "customer_id";
        public const string Country = "country";
        public const string Currency = "currency";
        public const string Total = "total";
        public const string Amount = "amount";
        public const string Data = "data";
        public const string Day = "day";
    }
}
