using System.Text.Json;
using System.Text.Unicode;

namespace ChangeFeed.Emulator.Model;

/// <summary>Texts in JSON that was not made here.</summary>
internal static class JsonText
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>Whether it is this text; false for what is no text, where the element's own comparison throws.</summary>
    public static bool Says(this JsonElement element, string text) => element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    /// <summary>
    /// Looks for strings that are no Unicode text. The parser takes them, and whoever asks for one of them later is thrown an exception that is no
    /// <see cref="JsonException"/>.
    /// </summary>
    /// <exception cref="JsonException">It is no JSON, or a name or a text in it is no Unicode.</exception>
    public static void Check(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new JsonException("It has bytes that are not UTF-8.");
        // Only an escape can still be half of a character.
        if (json.IndexOf("\\u"u8) < 0)
            return;
        var reader = new Utf8JsonReader(json, Options);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                Check(ref reader);
    }

    private static void Check(ref Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"It has half a character: {e.Message}");
        }
    }
}
