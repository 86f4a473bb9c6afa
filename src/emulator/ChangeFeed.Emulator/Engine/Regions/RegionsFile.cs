using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>What must be known of the regions after a restart. Written as a whole before anything is done about it.</summary>
internal sealed record RegionsFile(int Epoch, string WriteRegion, IReadOnlyList<RegionRecord> Regions)
{
    private const string Name = "regions.json";

    /// <summary>The names of the regions, as <c>--regions</c> has them.</summary>
    [JsonIgnore]
    public string Names => string.Join(',', Regions.Select(region => region.Name));

    /// <summary>Null where there is none.</summary>
    /// <exception cref="EmulatorStartException">It cannot be read.</exception>
    public static RegionsFile? Read(string directory)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RegionsJson.Default.RegionsFile)
                ?? throw new JsonException("it says nothing");
        }
        catch (JsonException exception)
        {
            throw new EmulatorStartException(
                $"{path} cannot be read ({exception.Message}); restore the directory from a copy, or choose another --data directory.", exception);
        }
    }

    public void Write(string directory)
    {
        var path = Path.Combine(directory, Name);
        using (var stream = new FileStream($"{path}.new", FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, this, RegionsJson.Default.RegionsFile);
            stream.Flush(flushToDisk: true);
        }
        File.Move($"{path}.new", path, overwrite: true);
    }
}

/// <summary>A region as it was when the file was written.</summary>
internal sealed record RegionRecord(string Name, RegionCondition Condition, bool NeedsCopy);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(RegionsFile))]
internal sealed partial class RegionsJson : JsonSerializerContext;
