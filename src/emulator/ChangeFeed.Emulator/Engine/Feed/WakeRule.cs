using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Engine.Feed;

/// <summary>Tells the documents a reader waits for from those it only has to pass: by a text at the top of the document.</summary>
internal sealed class WakeRule(byte[] property, IReadOnlyList<byte[]> values)
{
    /// <summary>Reads <c>type=OrderPlaced,OrderShipped</c>; null where there is none, and every document is waited for alike.</summary>
    public static WakeRule? Parse(string? header)
    {
        if (header is null)
            return null;
        return header.Split('=', 2) is [{ Length: > 0 } property, { Length: > 0 } values]
            ? new(Encoding.UTF8.GetBytes(property), [.. values.Split(',').Select(Encoding.UTF8.GetBytes)])
            : throw CosmosErrorException.BadRequest($"{Headers.Wake} is '{header}'; it must be a property, '=', and values with commas between them.");
    }

    public bool Matches(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(property);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.String && MatchesValue(ref reader);
            reader.Skip();
        }
        return false;
    }

    private bool MatchesValue(ref Utf8JsonReader reader)
    {
        foreach (var value in values)
        {
            if (reader.ValueTextEquals(value))
                return true;
        }
        return false;
    }
}
