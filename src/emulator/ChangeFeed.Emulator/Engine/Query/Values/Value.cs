using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>
/// A value of the query language: undefined or JSON. Values taken from documents stay slices of the document's bytes,
/// so that reading, comparing and projecting them copies nothing and keeps numbers as they were written.
/// </summary>
internal readonly struct Value
{
    private readonly object? _data;
    private readonly long _bits;

    private Value(ValueKind kind, object? data, long bits)
    {
        Kind = kind;
        _data = data;
        _bits = bits;
    }

    public static Value Undefined => default;
    public static Value Null => new(ValueKind.Null, null, 0);
    public static Value True => new(ValueKind.True, null, 0);
    public static Value False => new(ValueKind.False, null, 0);

    public ValueKind Kind { get; }

    public bool IsUndefined => Kind == ValueKind.Undefined;
    public bool IsTrue => Kind == ValueKind.True;
    public bool IsFalse => Kind == ValueKind.False;
    public bool IsBoolean => Kind is ValueKind.True or ValueKind.False;
    public bool IsNumber => Kind == ValueKind.Number;
    public bool IsString => Kind == ValueKind.String;
    public bool IsArray => Kind == ValueKind.Array;
    public bool IsObject => Kind == ValueKind.Object;

    /// <summary>Whether the value is a slice of a document.</summary>
    private bool IsRaw => _data is byte[];

    private int Start => (int)(_bits >> 32);
    private int Length => (int)_bits;

    public static Value Of(bool value) => value ? True : False;

    /// <summary>A number. Not-a-number is undefined; infinity is a number to calculate with, but left out of results.</summary>
    public static Value Of(double value) =>
        double.IsNaN(value) ? Undefined : new(ValueKind.Number, null, BitConverter.DoubleToInt64Bits(value));

    public static Value Of(string value) => new(ValueKind.String, value, 0);

    public static Value Of(IReadOnlyList<Value> items) => new(ValueKind.Array, items, 0);

    public static Value Of(ObjectValue value) => new(ValueKind.Object, value, 0);

    /// <summary>The value whose text lies in a part of valid UTF-8 JSON.</summary>
    public static Value FromJson(byte[] json, int start, int end)
    {
        var kind = JsonScan.KindAt(json, start);
        return kind < ValueKind.Number ? new Value(kind, null, 0) : new Value(kind, json, ((long)start << 32) | (uint)(end - start));
    }

    public static Value FromJson(byte[] json) => FromJson(json, 0, json.Length);

    public static Value FromElement(JsonElement element) => FromJson(Encoding.UTF8.GetBytes(element.GetRawText()));

    /// <summary>The value's own bytes, if it is a slice of a document.</summary>
    public bool TryGetRaw(out ReadOnlyMemory<byte> json)
    {
        json = IsRaw ? new ReadOnlyMemory<byte>((byte[])_data!, Start, Length) : default;
        return IsRaw;
    }

    private ReadOnlySpan<byte> Raw => new((byte[])_data!, Start, Length);

    /// <summary>Whether the value can stand in a result: JSON knows neither undefined nor infinity.</summary>
    public bool IsWritable => !IsUndefined && (!IsNumber || IsRaw || double.IsFinite(AsNumber()));

    /// <summary>The same value, independent of the document it was taken from.</summary>
    public Value Detach()
    {
        if (IsRaw)
            return FromJson(Raw.ToArray());
        return Kind < ValueKind.Array ? this : FromJson(JsonOutput.ToJson(this));
    }

    public double AsNumber()
    {
        Debug.Assert(IsNumber);
        if (!IsRaw)
            return BitConverter.Int64BitsToDouble(_bits);
        _ = Utf8Parser.TryParse(Raw, out double number, out _);
        return number;
    }

    public string AsString()
    {
        Debug.Assert(IsString);
        return _data as string ?? JsonScan.Unescape(Raw[1..^1]);
    }

    /// <summary>The characters of a string in UTF-8, if they are at hand without decoding.</summary>
    public bool TryGetUtf8(out ReadOnlySpan<byte> utf8)
    {
        utf8 = IsRaw && IsString ? Raw[1..^1] : default;
        return IsRaw && IsString && !utf8.Contains((byte)'\\');
    }

    public Value GetProperty(PropertyName name)
    {
        if (!IsObject)
            return Undefined;
        if (_data is ObjectValue made)
            return made.Get(name.Text);
        var json = (byte[])_data!;
        return JsonScan.TryFind(json, Start, name, out var start, out var end) ? FromJson(json, start, end) : Undefined;
    }

    public Value GetItem(double index)
    {
        if (!IsArray || index < 0 || index != Math.Floor(index))
            return Undefined;
        if (_data is IReadOnlyList<Value> made)
            return index < made.Count ? made[(int)index] : Undefined;
        foreach (var item in Items())
        {
            if (index-- == 0)
                return item;
        }
        return Undefined;
    }

    /// <summary>The elements of an array; none for any other value.</summary>
    public IEnumerable<Value> Items() => _data switch
    {
        _ when !IsArray => [],
        IReadOnlyList<Value> made => made,
        _ => RawItems((byte[])_data!, Start),
    };

    public IReadOnlyList<Value> ItemList() => _data as IReadOnlyList<Value> ?? [.. Items()];

    private static IEnumerable<Value> RawItems(byte[] json, int start)
    {
        var at = start + 1;
        while (JsonScan.NextItem(json, ref at, out var value))
            yield return FromJson(json, value.Start.Value, value.End.Value);
    }

    /// <summary>The members of an object; none for any other value.</summary>
    public IEnumerable<KeyValuePair<string, Value>> Members() => _data switch
    {
        _ when !IsObject => [],
        ObjectValue made => made.Members,
        _ => RawMembers((byte[])_data!, Start),
    };

    private static IEnumerable<KeyValuePair<string, Value>> RawMembers(byte[] json, int start)
    {
        var at = start + 1;
        while (JsonScan.NextMember(json, ref at, out var name, out var value))
            yield return new(JsonScan.Unescape(json.AsSpan(name)), FromJson(json, value.Start.Value, value.End.Value));
    }

    public override string ToString() => JsonOutput.ToText(this);
}
