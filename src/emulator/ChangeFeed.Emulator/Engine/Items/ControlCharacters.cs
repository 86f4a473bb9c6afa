using System.Buffers;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>Control characters as they are in strings of JSON: against the standard, but the service takes them.</summary>
internal static class ControlCharacters
{
    private static readonly SearchValues<byte> All = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code)]);

    /// <summary>The same JSON with control characters of strings written as escapes; null where there are none.</summary>
    public static byte[]? Escape(ReadOnlySpan<byte> json)
    {
        if (json.IndexOfAny(All) < 0)
            return null;
        var output = new ArrayBufferWriter<byte>(json.Length + 64);
        var found = false;
        var isString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var character = json[i];
            if (isString && character < 0x20)
            {
                found = true;
                output.Write("\\u00"u8);
                output.Write([Hex(character >> 4), Hex(character & 0xF)]);
                continue;
            }
            output.GetSpan(1)[0] = character;
            output.Advance(1);
            if (character == '"')
                isString = !isString;
            else if (isString && character == '\\' && i + 1 < json.Length && json[i + 1] >= 0x20)
                output.Write(json.Slice(++i, 1));
        }
        return found ? output.WrittenSpan.ToArray() : null;
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
}
