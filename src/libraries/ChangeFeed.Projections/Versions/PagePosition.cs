using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChangeFeed.Projections.Versions;

/// <summary>
/// Where a page of documents, the latest first, ended (keyset pagination). It names no row of a container, so it survives documents that come
/// in between and a rebuilt view.
/// </summary>
/// <param name="At">The time of its last document.</param>
/// <param name="Delivered">The ids of those of that very moment that were delivered.</param>
public sealed record PagePosition(DateTimeOffset At, IReadOnlyList<string> Delivered)
{
    private const int CheckLength = 12;

    /// <summary>The token a client gives back; it only fits the question it was made for.</summary>
    public string ToToken(string question)
    {
        var text = string.Join('\n', Delivered.Prepend(At.UtcTicks.ToString(CultureInfo.InvariantCulture)));
        return Base64Url.EncodeToString([.. Check(question, text), .. Encoding.UTF8.GetBytes(text)]);
    }

    /// <summary>The position after one more page.</summary>
    /// <param name="before">Where that page began; null at the beginning.</param>
    /// <param name="page">Id and time of its documents, the latest first; at least one.</param>
    public static PagePosition After(PagePosition? before, IReadOnlyList<(string Id, DateTimeOffset At)> page)
    {
        var last = page[^1].At;
        var same = page.Where(document => document.At == last).Select(document => document.Id);
        return new PagePosition(last, [.. before?.At == last ? before.Delivered.Concat(same) : same]);
    }

    /// <summary>Null when the token is none, was changed, or belongs to another question.</summary>
    public static PagePosition? Parse(string token, string question)
    {
        if (!Base64Url.IsValid(token) || Base64Url.DecodeFromChars(token) is not { Length: > CheckLength } bytes)
            return null;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(CheckLength));
        if (!bytes.AsSpan(0, CheckLength).SequenceEqual(Check(question, text)))
            return null;
        var parts = text.Split('\n');
        return new PagePosition(new DateTimeOffset(long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.Zero), parts[1..]);
    }

    // Against mistakes, not against forgery: whoever makes one up sees what they may see anyway.
    private static byte[] Check(string question, string text) => SHA256.HashData(Encoding.UTF8.GetBytes($"{question}\n\n{text}"))[..CheckLength];
}
