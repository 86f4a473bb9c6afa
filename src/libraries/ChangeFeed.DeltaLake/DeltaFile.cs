using System.Text.Json;
using ChangeFeed.DeltaLake.Log;

namespace ChangeFeed.DeltaLake;

/// <summary>A data file of a table, as the log knows it.</summary>
public sealed class DeltaFile
{
    private readonly Lazy<FileStatistics?> _statistics;

    internal DeltaFile(AddAction add)
    {
        Add = add;
        _statistics = new Lazy<FileStatistics?>(() => FileStatistics.Read(add.Stats));
    }

    /// <summary>Where it is in the table.</summary>
    public string Path => Uri.UnescapeDataString(Add.Path);

    /// <summary>The values of the columns that partition; null where a value is.</summary>
    public IReadOnlyDictionary<string, string?> PartitionValues => Add.PartitionValues;

    /// <summary>What whoever wrote it noted of it.</summary>
    /// <param name="name">Name of the note.</param>
    public string? Tag(string name) => Add.Tags?.GetValueOrDefault(name);

    /// <summary>In bytes.</summary>
    public long Size => Add.Size ?? 0;

    /// <summary>When it was written.</summary>
    public DateTimeOffset ModifiedAt => DateTimeOffset.FromUnixTimeMilliseconds(Add.ModificationTime ?? 0);

    /// <summary>How many rows it has; null where the writer did not say.</summary>
    public long? Rows => _statistics.Value?.Rows;

    /// <summary>Between which values a column is; null where that is not known, or the column is empty.</summary>
    /// <param name="column">A column of texts or of whole numbers.</param>
    public (JsonElement Least, JsonElement Greatest)? Range(string column) =>
        _statistics.Value is { } known && known.Least.TryGetValue(column, out var least) && known.Greatest.TryGetValue(column, out var greatest)
            ? (least, greatest)
            : null;

    internal AddAction Add { get; }
}

/// <summary>What the log says about the rows of a file, so that readers can leave it closed.</summary>
internal sealed record FileStatistics(
    long Rows, Dictionary<string, JsonElement> Least, Dictionary<string, JsonElement> Greatest, Dictionary<string, JsonElement> Empty)
{
    public static FileStatistics? Read(string? text)
    {
        if (text is null)
            return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.TryGetProperty("numRecords"u8, out var rows)
                ? new FileStatistics(rows.GetInt64(), Values(json, "minValues"), Values(json, "maxValues"), Values(json, "nullCount"))
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null; // they are a help, and the file is read without
        }
    }

    public string Write() => $$"""
        {"numRecords":{{Rows}},"minValues":{{Text(Least)}},"maxValues":{{Text(Greatest)}},"nullCount":{{Text(Empty)}}}
        """;

    private static string Text(Dictionary<string, JsonElement> values) => JsonSerializer.Serialize(values, LogJson.Default.DictionaryStringJsonElement);

    private static Dictionary<string, JsonElement> Values(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Object
            ? values.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.Clone())
            : [];
}
