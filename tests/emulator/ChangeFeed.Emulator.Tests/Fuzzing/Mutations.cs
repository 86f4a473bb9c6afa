using System.Text;
using System.Text.RegularExpressions;

namespace ChangeFeed.Emulator.Tests.Fuzzing;

/// <summary>Makes inputs that nobody wrote from such as are right.</summary>
internal static partial class Mutations
{
    private static readonly string[] Odd =
    [
        "", " ", "\0", "\u2028", "\ud800", "😀", "'", "\"", "\\", "(", ")", "[", "]", "{", "}", ",", "..", "--", "/*", "*/", "@p",
        "NaN", "-0", "1e308", "1e999",
        "9223372036854775807", "-9223372036854775808", "99999999999999999999999", "null", "undefined", "true", "NOT", "EXISTS", "ORDER BY", "c.c.c.c", "[0]",
        "???", "::", "0x", "'\\u00'", "(SELECT VALUE 1)", "*", "TOP 0", "OFFSET -1 LIMIT 1",
    ];

    /// <summary>Words of some texts put together anew: dropped, doubled, exchanged, taken from another, replaced.</summary>
    public static string Words(Random random, IReadOnlyList<string> corpus)
    {
        var words = Split(corpus[random.Next(corpus.Count)]);
        for (var change = random.Next(1, 6); change > 0 && words.Count > 0; change--)
        {
            var at = random.Next(words.Count);
            switch (random.Next(8))
            {
                case 0:
                    words.RemoveAt(at);
                    break;
                case 1:
                    words.Insert(at, words[random.Next(words.Count)]);
                    break;
                case 2:
                    var other = random.Next(words.Count);
                    (words[at], words[other]) = (words[other], words[at]);
                    break;
                case 3:
                    words[at] = Odd[random.Next(Odd.Length)];
                    break;
                case 4:
                    var stranger = Split(corpus[random.Next(corpus.Count)]);
                    var from = random.Next(stranger.Count + 1);
                    words.InsertRange(at, stranger.Skip(from).Take(random.Next(1, 12)));
                    break;
                case 5:
                    words.Insert(at, new string("([{-'\"~!"[random.Next(8)], random.Next(1, 400)));
                    break;
                case 6:
                    words.RemoveRange(at, random.Next(words.Count - at));
                    break;
                default:
                    words.Insert(at, $" {random.NextInt64()} ");
                    break;
            }
        }

        return string.Concat(words);
    }

    /// <summary>The bytes of a text, some of them changed.</summary>
    public static byte[] Bytes(Random random, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.Skip(at).Take(random.Next(1, 50)).ToList());
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>One of the odd words.</summary>
    public static string Oddity(Random random) => Odd[random.Next(Odd.Length)];

    private static List<string> Split(string text) => [.. WordPattern().Matches(text).Select(match => match.Value)];

    [GeneratedRegex("""'[^']*'|"[^"]*"|\w+|\s+|.""", RegexOptions.Singleline)]
    private static partial Regex WordPattern();
}
