using System.Text;

namespace ChangeFeed.Testing.Hostility;

/// <summary>Texts and pieces of JSON that programs trip over.</summary>
public static class HostileValues
{
    private static readonly string[] Texts =
    [
        "", " ", "\t", "\0", "a\0b", "\r\nX-Injected: 1", "\u001b[31m", "\u007f", "\u0085", "\u200b", "\u200b\u200d", "\u2060", "\ufeff", "\u202etxt.exe",
        "\u2066a\u2069", "a\u2028b",
        "\ufffd", "\uffff", "\U0001F469‍\U0001F680", "Zoe\u0308", "\u1112\u1161\u11ab", "İ", "ß", "１２", "٣", "−1", "null", "true", "undefined", "NaN",
        "Infinity", "-Infinity",
        "0", "-0", "-1", "1.5", "1e3", "1e400", "0x10", "007", "2147483648", "9007199254740992", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808",
        "99999999999999999999999999", "0.1e-400", "abc", "[]", "{}", "\"", "'", "\\", "/", "//", "..", "../../etc/passwd", "a/b", "?", "#", "%", "%00", "%2F",
        "%ZZ", "+", "&", "=", ";",
        "' OR 1=1 --", "\") OR (1=1", "@customer", "c.id", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://localhost/a}", "*", "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:01Z",
        "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "0000-00-00T00:00:00Z", "1969-12-31T23:59:59Z", "2026-02-30T00:00:00Z",
        "2026-03-14T25:00:00Z",
        "2026-03-14T15:09:26+99:00", "2026-03-14", "T", "1T", "2026-03-14T15:09:26Z", "253402300800", "-62135596801", "00000000-0000-0000-0000-000000000000",
        "{0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21}", "sealed1.", "sealed1..", "sealed1.Yy0x.AAAA", "sealed1.Yy0x.!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "====", "minute", "hour",
        "Completed", "OrderPlaced", "US", "us", "ZZ", "USD", "XXX", "ada@example.org", "a@b", "@", "*@*.*", "5/s", "0/s", "1e9/s", "payment", "c-1001", "KB-01",
    ];

    private static readonly string[] Pieces =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.5", "1e400", "-1e400", "1e-400", "2147483648", "9223372036854775808",
        "0.1000000000000000000000000000000000001",
        "123456789012345678901234567890", "\"\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"a\":{}}", "\"\\ud800\"", "\"\\u0000\"", "\"\\u202e\"",
        "\"\\u2028\"", "{\"\\ud800\":1}",
        "{\"$type\":\"System.Object\"}", "{\"__proto__\":1}",
    ];

    // At, and just beyond, where limits usually are.
    private static readonly int[] Lengths = [20, 21, 63, 64, 65, 100, 128, 129, 200, 201, 254, 255, 256, 500, 501, 1024, 1025, 2000];

    /// <summary>A text, now and then a long one or one of random characters.</summary>
    public static string Text(Random random) => random.Next(10) switch
    {
        0 => Long(random),
        1 => Characters(random, random.Next(1, 40)),
        2 => Texts[random.Next(Texts.Length)] + Texts[random.Next(Texts.Length)],
        _ => Texts[random.Next(Texts.Length)],
    };

    /// <summary>A piece of JSON, now and then a text.</summary>
    public static string Json(Random random) => random.Next(3) switch
    {
        0 => System.Text.Json.JsonSerializer.Serialize(Text(random)),
        1 when random.Next(8) == 0 => Nested(random.Next(1, 200)),
        _ => Pieces[random.Next(Pieces.Length)],
    };

    private static string Long(Random random) => random.Next(3) switch
    {
        0 => new string('x', Length(random)),
        1 => "a" + new string('\u0301', Length(random) / 4), // marks without end on one letter
        _ => string.Concat(Enumerable.Repeat("9", Length(random))),
    };

    private static int Length(Random random) => Lengths[random.Next(Lengths.Length)];

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Characters(Random random, int count)
    {
        var text = new StringBuilder();
        while (count-- > 0)
        {
            var c = random.Next(4) == 0 ? random.Next(0x110000) : random.Next(0x300);
            text.Append(Rune.IsValid(c) ? new Rune(c) : Rune.ReplacementChar);
        }

        return text.ToString();
    }
}
