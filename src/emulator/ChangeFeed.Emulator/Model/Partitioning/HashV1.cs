using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ChangeFeed.Emulator.Model.Partitioning;

/// <summary>
/// Version 1 of the hash: 32 bits over the first 100 characters of each value, written as a number, then the values themselves.
/// Keys that begin with the same 100 characters are one key to it, in the service too.
/// </summary>
internal static class HashV1
{
    private const int MaxCharacters = 100;
    private const ulong Sign = 0x8000000000000000;

    public static byte[] Compute(ReadOnlySpan<PartitionKeyComponent> components)
    {
        var hashed = new ArrayBufferWriter<byte>(64);
        var values = new ArrayBufferWriter<byte>(64);
        foreach (var component in components)
        {
            var cut = component.Text is { Length: > MaxCharacters } text ? component with { Text = text[..MaxCharacters] } : component;
            Append(hashed, cut);
            Encode(values, cut);
        }
        return [.. Number(Murmur(hashed.WrittenSpan)), .. values.WrittenSpan];
    }

    /// <summary>The key a hash is written as: where a range of hashes begins.</summary>
    public static byte[] Number(double hash)
    {
        var output = new ArrayBufferWriter<byte>(16);
        Encode(output, new(ComponentKind.Number, hash));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The hash a key begins with.</summary>
    public static double Hash(ReadOnlySpan<byte> key)
    {
        // A kind, 8 bits, then 7 bits a byte with a last bit that says whether there is more.
        ulong payload = (ulong)key[1] << 56;
        for (var (i, shift) = (2, 49); i < key.Length; i++, shift -= 7)
        {
            var bits = (ulong)(key[i] >> 1);
            payload |= shift >= 0 ? bits << shift : bits >> -shift;
            if ((key[i] & 1) == 0)
                break;
        }
        return BitConverter.UInt64BitsToDouble(payload >= Sign ? payload ^ Sign : ~(payload - 1));
    }

    private static void Append(IBufferWriter<byte> output, in PartitionKeyComponent component)
    {
        if (component.Kind != ComponentKind.String)
        {
            component.AppendTo(output);
            return;
        }
        output.Write([(byte)component.Kind]);
        output.Write(Encoding.UTF8.GetBytes(component.Text!));
        output.Write([(byte)0]);
    }

    private static void Encode(IBufferWriter<byte> output, in PartitionKeyComponent component)
    {
        output.Write([(byte)component.Kind]);
        if (component.Kind == ComponentKind.Number)
            EncodeNumber(output, component.Number);
        else if (component.Kind == ComponentKind.String)
            EncodeText(output, Encoding.UTF8.GetBytes(component.Text!));
    }

    private static void EncodeNumber(IBufferWriter<byte> output, double number)
    {
        var bits = BitConverter.DoubleToUInt64Bits(number);
        var payload = bits < Sign ? bits ^ Sign : ~bits + 1;
        output.Write([(byte)(payload >> 56)]);
        payload <<= 8;
        byte last = 0;
        for (var first = true; payload != 0; payload <<= 7, first = false)
        {
            if (!first)
                output.Write([last]);
            last = (byte)((payload >> 56) | 1);
        }
        output.Write([(byte)(last & 0xFE)]);
    }

    private static void EncodeText(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        var isShort = text.Length <= MaxCharacters;
        foreach (var character in isShort ? text : text[..(MaxCharacters + 1)])
            output.Write([character < 0xFF ? (byte)(character + 1) : character]);
        if (isShort)
            output.Write([(byte)0]);
    }

    /// <summary>MurmurHash3, x86 variant, 32 bits.</summary>
    private static uint Murmur(ReadOnlySpan<byte> data)
    {
        uint hash = 0;
        var length = (uint)data.Length;
        for (; data.Length >= 4; data = data[4..])
            hash = BitOperations.RotateLeft(hash ^ Mix(BinaryPrimitives.ReadUInt32LittleEndian(data)), 13) * 5 + 0xe6546b64;
        Span<byte> tail = stackalloc byte[4];
        tail.Clear();
        data.CopyTo(tail);
        hash ^= Mix(BinaryPrimitives.ReadUInt32LittleEndian(tail));
        hash ^= length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Mix(uint block) => BitOperations.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
}
