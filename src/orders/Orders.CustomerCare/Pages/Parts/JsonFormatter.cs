using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.CustomerCare.Pages.Parts;

/// <summary>Documents for people who want to see them.</summary>
internal static class JsonFormatter
{
    // Razor encodes for HTML; encoding for scripts as well would only make it hard to read.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Indented<T>(T value) => JsonSerializer.Serialize(value, Options);
}
