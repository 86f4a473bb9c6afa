using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Endpoints.Management;

/// <summary>The limit on request units per second, as it is read and set while the emulator runs.</summary>
internal sealed class Throttle
{
    /// <summary>The most that can be asked for, on the command line and here.</summary>
    public const int MaxUnits = 10_000_000;

    /// <summary>Request units per second for each container; null is without limit.</summary>
    public int? UnitsPerSecond { get; set; }

    public static int Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var units = JsonSerializer.Deserialize(json, ThrottleJson.Default.Throttle)?.UnitsPerSecond;
            return units is >= 1 and <= MaxUnits ? units.Value : throw CosmosErrorException.BadRequest(
                $"'unitsPerSecond' is {units?.ToString() ?? "missing"}; it must be a whole number from 1 to {MaxUnits}. "
                + "DELETE takes the limit away.");
        }
        catch (JsonException exception)
        {
            throw CosmosErrorException.BadRequest($"The limit is not valid: {exception.Message}");
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Throttle))]
internal sealed partial class ThrottleJson : JsonSerializerContext;
