using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChangeFeed.MassTransit;

/// <summary>
/// What a dry run gives to be shown when it is to be done: the moment of the dry run, and a hash of all that it said. Whoever does it makes the token
/// again, as of that moment: another one means that something else would be done by now.
/// </summary>
public static class DryRunToken
{
    private const int HashBytes = 12;

    /// <summary>The token of a dry run.</summary>
    /// <param name="asOf">When it was.</param>
    /// <param name="said">What was asked for, and what it found.</param>
    public static string Of(DateTimeOffset asOf, string said)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(said));
        return string.Create(CultureInfo.InvariantCulture, $"{asOf.UtcTicks:x}.{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}");
    }

    /// <summary>The moment of the dry run, UTC; null where the text is no token.</summary>
    public static DateTimeOffset? AsOf(string token) =>
        long.TryParse(token.Split('.')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks)
        && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;
}
