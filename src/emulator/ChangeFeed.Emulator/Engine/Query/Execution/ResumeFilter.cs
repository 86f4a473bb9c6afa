using System.Buffers.Binary;
using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>
/// Where a client goes on in a sorted result it has merged from several partitions: only rows behind these values, and those
/// equal to them unless they are excluded.
/// </summary>
internal sealed class ResumeFilter
{
    private readonly Key[] _keys;
    private readonly ulong? _rid;
    private readonly bool _exclude;

    /// <param name="Value">The value of a scalar; for an array or object any value of that kind.</param>
    /// <param name="Hash">The hash of an array or object.</param>
    private readonly record struct Key(Value Value, Hash128? Hash);

    private ResumeFilter(Key[] keys, ulong? rid, bool exclude)
    {
        _keys = keys;
        _rid = rid;
        _exclude = exclude;
    }

    public static ResumeFilter? Parse(JsonElement? filter, int keys)
    {
        if (filter is not { } json)
            return null;
        try
        {
            var values = json.GetProperty("value").EnumerateArray().Select(ParseKey).ToArray();
            if (values.Length != keys)
                throw new QueryException($"The resumeFilter has {values.Length} values, the query is ordered by {keys}.");
            ulong? rid = json.TryGetProperty("rid", out var text) && text.ValueKind == JsonValueKind.String
                ? ParseRid(text.GetString()!)
                : null;
            return new ResumeFilter(values, rid, json.TryGetProperty("exclude", out var exclude) && exclude.GetBoolean());
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new QueryException("The resumeFilter must have 'value' (an array), and may have 'rid' and 'exclude'.");
        }
    }

    private static Key ParseKey(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => default,
        JsonValueKind.Object => new Key(
            Value.FromJson(value.GetProperty("type").GetString() == "array" ? "[]"u8.ToArray() : "{}"u8.ToArray()),
            new Hash128((ulong)value.GetProperty("low").GetInt64(), (ulong)value.GetProperty("high").GetInt64())),
        _ => new Key(Value.FromElement(value), null),
    };

    /// <summary>The number of a document from its <c>_rid</c>: the last 8 of 16 bytes, little-endian.</summary>
    private static ulong ParseRid(string rid)
    {
        var bytes = Convert.FromBase64String(rid.Replace('-', '/'));
        return bytes.Length == 16 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) : throw new FormatException();
    }

    public bool Keeps(RowOrder order, IReadOnlyList<Value> keys, ulong rid)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            var behind = order.Direction(i, Compare(keys[i], _keys[i]));
            if (behind != 0)
                return behind > 0;
        }
        return !_exclude && (_rid is not { } from || order.CompareRids(rid, from) >= 0);
    }

    private static int Compare(in Value value, Key key) =>
        key.Hash is { } hash && value.Kind == key.Value.Kind ? ValueHash.Of(value).CompareTo(hash) : ValueOrder.Compare(value, key.Value);
}
