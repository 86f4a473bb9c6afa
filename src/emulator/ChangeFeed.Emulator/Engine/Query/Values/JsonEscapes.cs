using System.Globalization;
using System.Text;

namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>Decodes the escapes of JSON strings, lone surrogates included.</summary>
internal static class JsonEscapes
{
    public static string Decode(ReadOnlySpan<byte> inside)
    {
        var text = Encoding.UTF8.GetString(inside);
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }
            i++;
            if (text[i] == 'u')
            {
                result.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                result.Append(Simple(text[i]));
            }
        }
        return result.ToString();
    }

    private static char Simple(char escape) => escape switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => escape,
    };
}
