using System.Text;

namespace OrderPipeline.Notification;

/// <summary>The quoted-printable encoding of RFC 2045: text stays readable, lines stay short, everything is ASCII.</summary>
public static class QuotedPrintable
{
    private const int LineLength = 76;

    /// <summary>Encodes text as UTF-8. Every line break becomes CRLF.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + (text.Length / 8));
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            EncodeLine(encoded, Encoding.UTF8.GetBytes(line));
            encoded.Append("\r\n");
        }

        return encoded.ToString();
    }

    private static void EncodeLine(StringBuilder encoded, byte[] line)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var last = i == line.Length - 1;
            // A space at the end of a line does not survive every mail server.
            var plain = line[i] is >= (byte)'!' and <= (byte)'~' and not (byte)'=' || (line[i] is (byte)' ' or (byte)'\t' && !last);
            var width = plain ? 1 : 3;
            if (column + width > (last ? LineLength : LineLength - 1))
            {
                encoded.Append("=\r\n");
                column = 0;
            }

            if (plain)
                encoded.Append((char)line[i]);
            else
                encoded.Append('=').Append(line[i].ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            column += width;
        }
    }
}
