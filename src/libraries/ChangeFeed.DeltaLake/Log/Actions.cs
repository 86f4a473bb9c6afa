using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChangeFeed.DeltaLake.Log;

// A line of a commit, and a row of a checkpoint: one class for both, as the protocol has one schema for both. One property of a line is set.
// Names are those of the protocol. Every column of a checkpoint may be empty, also what the protocol requires: so Spark has it.

internal sealed class LogLine
{
    [JsonPropertyName("txn")]
    public TxnAction? Txn { get; set; }

    [JsonPropertyName("add")]
    public AddAction? Add { get; set; }

    [JsonPropertyName("remove")]
    public RemoveAction? Remove { get; set; }

    [JsonPropertyName("metaData")]
    public MetadataAction? Metadata { get; set; }

    [JsonPropertyName("protocol")]
    public ProtocolAction? Protocol { get; set; }
}

internal sealed class TxnAction
{
    [JsonPropertyName("appId")]
    public string AppId { get; set; } = "";

    [JsonPropertyName("version")]
    public long? Version { get; set; }

    [JsonPropertyName("lastUpdated")]
    public long? LastUpdated { get; set; }
}

internal sealed class AddAction
{
    [JsonPropertyName("path")]
    public string Path { get; set; } = "";

    [JsonPropertyName("partitionValues")]
    public Dictionary<string, string?> PartitionValues { get; set; } = [];

    [JsonPropertyName("size")]
    public long? Size { get; set; }

    [JsonPropertyName("modificationTime")]
    public long? ModificationTime { get; set; }

    [JsonPropertyName("dataChange")]
    public bool? DataChange { get; set; }

    [JsonPropertyName("stats")]
    public string? Stats { get; set; }

    [JsonPropertyName("tags")]
    public Dictionary<string, string?>? Tags { get; set; }
}

internal sealed class RemoveAction
{
    [JsonPropertyName("path")]
    public string Path { get; set; } = "";

    [JsonPropertyName("deletionTimestamp")]
    public long? DeletionTimestamp { get; set; }

    [JsonPropertyName("dataChange")]
    public bool? DataChange { get; set; }
}

internal sealed class MetadataAction
{
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("format")]
    public FormatAction Format { get; set; } = new();

    [JsonPropertyName("schemaString")]
    public string SchemaString { get; set; } = "";

    [JsonPropertyName("partitionColumns")]
    public List<string> PartitionColumns { get; set; } = [];

    [JsonPropertyName("createdTime")]
    public long? CreatedTime { get; set; }

    [JsonPropertyName("configuration")]
    public Dictionary<string, string?> Configuration { get; set; } = [];
}

internal sealed class FormatAction
{
    [JsonPropertyName("provider")]
    public string Provider { get; set; } = "parquet";

    [JsonPropertyName("options")]
    public Dictionary<string, string?> Options { get; set; } = [];
}

internal sealed class ProtocolAction
{
    [JsonPropertyName("minReaderVersion")]
    public int? MinReaderVersion { get; set; }

    [JsonPropertyName("minWriterVersion")]
    public int? MinWriterVersion { get; set; }
}

/// <summary>Who committed what. Commits alone have it, so it is no part of <see cref="LogLine"/>.</summary>
internal sealed class CommitInfo
{
    public long? Timestamp { get; set; }

    public string? Operation { get; set; }

    /// <summary>Texts where we write them; others write whatever they like.</summary>
    public Dictionary<string, JsonElement>? OperationParameters { get; set; }

    public string? EngineInfo { get; set; }

    /// <summary>Made anew for each attempt: tells a commit of ours, whose answer was lost, from that of another.</summary>
    public string? TxnId { get; set; }
}

/// <summary>A line as it is read: with what a commit alone has.</summary>
internal sealed class CommitLine
{
    public CommitInfo? CommitInfo { get; set; }

    public TxnAction? Txn { get; set; }

    public AddAction? Add { get; set; }

    public RemoveAction? Remove { get; set; }

    [JsonPropertyName("metaData")]
    public MetadataAction? Metadata { get; set; }

    public ProtocolAction? Protocol { get; set; }

    public LogLine AsLine() => new() { Txn = Txn, Add = Add, Remove = Remove, Metadata = Metadata, Protocol = Protocol };
}

internal sealed class LastCheckpoint
{
    public long Version { get; set; }

    public long Size { get; set; }

    public int? Parts { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CommitLine))]
[JsonSerializable(typeof(LastCheckpoint))]
[JsonSerializable(typeof(SchemaJson.Struct))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class LogJson : JsonSerializerContext
{
    /// <summary>For what is written: the log is no web page, and its quotation marks stay legible.</summary>
    public static LogJson Legible { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
