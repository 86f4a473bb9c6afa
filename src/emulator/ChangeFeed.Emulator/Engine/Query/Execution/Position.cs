using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>
/// A place in the result of a query: what was delivered last, never how many rows to skip. So documents may come and go
/// between two pages without a row being lost or repeated.
/// </summary>
/// <param name="Keys">The values the result is sorted or grouped by; empty when it is in the order of the documents.</param>
/// <param name="Rid">The document.</param>
/// <param name="Rows">How many rows of that document have been passed.</param>
/// <param name="Passed">How many rows have been passed altogether, those skipped by OFFSET included.</param>
internal sealed record Position(IReadOnlyList<Value> Keys, ulong Rid, int Rows, long Passed)
{
    public static readonly Position Start = new([], 0, 0, 0);

    /// <summary>All rows of a document.</summary>
    public const int WholeDocument = int.MaxValue;

    public string ToToken(string signature)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("q", signature);
            writer.WriteNumber("r", Rid);
            writer.WriteNumber("i", Rows);
            writer.WriteNumber("n", Passed);
            writer.WriteStartArray("k");
            foreach (var key in Keys)
            {
                writer.WriteStartArray();
                if (key.IsWritable)
                    writer.WriteRawValue(JsonOutput.ToJson(key));
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Base64Url.EncodeToString(buffer.ToArray());
    }

    /// <exception cref="QueryContinuationException">The token is none, or belongs to another query.</exception>
    public static Position Parse(string? token, string signature)
    {
        if (string.IsNullOrEmpty(token))
            return Start;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(token));
            var root = document.RootElement;
            if (root.GetProperty("q").GetString() != signature)
                throw new QueryContinuationException("The continuation token belongs to another query.");
            var keys = root.GetProperty("k")
                .EnumerateArray()
                .Select(key => key.GetArrayLength() == 0 ? Value.Undefined : Value.FromElement(key[0]));
            return new Position(
                [.. keys], root.GetProperty("r").GetUInt64(), root.GetProperty("i").GetInt32(), root.GetProperty("n").GetInt64());
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new QueryContinuationException("The continuation token is not valid: send the one of the page before, unchanged.");
        }
    }
}
