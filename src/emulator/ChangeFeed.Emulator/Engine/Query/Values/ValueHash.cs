using System.Buffers.Binary;
using System.Text;

namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>
/// A hash of a value by which equal values are recognised. It is the one the .NET client computes: clients order arrays and
/// objects by it and send it when they resume a sorted query at such a value, so its seeds are part of the protocol.
/// </summary>
internal static class ValueHash
{
    private static readonly Hash128 Root = new(0xbfc2359eafc0e2b7, 0x8846e00284c4cf1f);
    private static readonly Hash128 Null = new(0x1380f68bb3b0cfe4, 0x156c918bf564ee48);
    private static readonly Hash128 False = new(0xc1be517fe893b40c, 0xe9fc8a4c531cd0dd);
    private static readonly Hash128 True = new(0xf86d4abf9a412e74, 0x788488365c8a985d);
    private static readonly Hash128 Number = new(0x2400e8b894ce9c2a, 0x790be1eabd7b9481);
    private static readonly Hash128 Text = new(0x61f53f0a44204cfb, 0x09481be8ef4b56dd);
    private static readonly Hash128 Array = new(0xfa573b014c4dc18e, 0xa014512c858eb115);
    private static readonly Hash128 Object = new(0x77b285ac511aef30, 0x3dcf187245822449);
    private static readonly Hash128 Index = new(0xfe057204216db999, 0x5b1cc3178bd9c593);
    private static readonly Hash128 Name = Hash128.Compute(Text, new Hash128(0xc915dde058492a8a, 0x7c8be2eba72e4634));

    public static Hash128 Of(in Value value) => Of(value, Root);

    /// <summary>One hash for several values, for example the keys of a group.</summary>
    public static Hash128 Of(ReadOnlySpan<Value> values)
    {
        var hash = Root;
        foreach (ref readonly var value in values)
            hash = Hash128.Compute(Of(value), hash);
        return hash;
    }

    private static Hash128 Of(in Value value, Hash128 seed) => value.Kind switch
    {
        ValueKind.Null => Hash128.Compute(Null, seed),
        ValueKind.False => Hash128.Compute(False, seed),
        ValueKind.True => Hash128.Compute(True, seed),
        ValueKind.Number => OfNumber(value.AsNumber(), Hash128.Compute(Number, seed)),
        ValueKind.String => OfText(value, Hash128.Compute(Text, seed)),
        ValueKind.Array => OfArray(value, Hash128.Compute(Array, seed)),
        ValueKind.Object => OfObject(value, Hash128.Compute(Object, seed)),
        _ => seed,
    };

    /// <summary>The client hashes 8 bytes of a double and 2 more for what a 64-bit integer has beyond a double, here always none.</summary>
    private static Hash128 OfNumber(double number, Hash128 seed)
    {
        Span<byte> bytes = stackalloc byte[10];
        bytes.Clear();
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, number == 0 ? 0 : number);
        return Hash128.Compute(bytes, seed);
    }

    private static Hash128 OfText(in Value text, Hash128 seed) =>
        text.TryGetUtf8(out var utf8) ? Hash128.Compute(utf8, seed) : Hash128.Compute(Encoding.UTF8.GetBytes(text.AsString()), seed);

    private static Hash128 OfArray(in Value array, Hash128 hash)
    {
        var index = 0ul;
        foreach (var item in array.Items())
            hash = Hash128.Compute(Of(item, new Hash128(Index.Low + index++, Index.High)), hash);
        return hash;
    }

    private static Hash128 OfObject(in Value value, Hash128 hash)
    {
        var (low, high) = (0ul, 0ul);
        foreach (var (name, member) in value.Members())
        {
            var part = Of(member, Hash128.Compute(Encoding.UTF8.GetBytes(name), Name));
            low ^= part.Low;
            high ^= part.High;
        }
        return low == 0 && high == 0 ? hash : Hash128.Compute(new Hash128(low, high), hash);
    }
}
