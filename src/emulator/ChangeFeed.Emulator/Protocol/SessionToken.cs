using System.Globalization;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>What a client has seen: <c>range:version#lsn</c> for each partition, with commas between.</summary>
internal static class SessionToken
{
    /// <summary>How far a session has seen a partition, by its own token or one of a partition it was split from.</summary>
    /// <exception cref="CosmosErrorException">The token is none (400).</exception>
    public static (long Version, long Lsn)? For(string header, Partition partition)
    {
        (long Version, long Lsn)? seen = null;
        foreach (var part in header.Split(','))
        {
            var colon = part.IndexOf(':');
            if (colon < 0 || !int.TryParse(part.AsSpan(0, colon).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var range)
                || Read(part.AsSpan(colon + 1)) is not { } token)
                throw CosmosErrorException.BadRequest($"The session token provided '{header}' is invalid.");
            if ((range == partition.Id || partition.Parents.Contains(range)) && (seen is null || token.CompareTo(seen.Value) > 0))
                seen = token;
        }
        return seen;
    }

    /// <summary><c>lsn</c>, or <c>version#lsn</c> with the LSNs of regions behind it.</summary>
    private static (long Version, long Lsn)? Read(ReadOnlySpan<char> token)
    {
        var parts = token.ToString().Split('#');
        if (!long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var first))
            return null;
        if (parts.Length == 1)
            return (0, first);
        return long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var lsn) ? (first, lsn) : null;
    }
}
