using System.Globalization;
using System.Text.Json;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

/// <summary>
/// JSON in one spelling, so that equal values are equal text: properties sorted, numbers to 12 digits, no system properties.
/// </summary>
internal static class NormalJson
{
    private static readonly string[] SystemProperties = ["_rid", "_self", "_etag", "_attachments", "_ts"];

    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble() == 0 ? "0" : value.GetDouble().ToString("G12", CultureInfo.InvariantCulture),
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        JsonValueKind.Array => $"[{string.Join(",", value.EnumerateArray().Select(Of))}]",
        JsonValueKind.Object =>
            $"{{{string.Join(",", Members(value).Select(member => $"{JsonSerializer.Serialize(member.Name)}:{Of(member.Value)}"))}}}",
        _ => value.GetRawText(),
    };

    private static IEnumerable<JsonProperty> Members(JsonElement value) =>
        value.EnumerateObject()
            .Where(member => !SystemProperties.Contains(member.Name))
            .OrderBy(member => member.Name, StringComparer.Ordinal);
}
