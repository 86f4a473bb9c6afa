using System.Globalization;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>What a client has seen: <c>range:version#lsn</c> for each partition, with commas between.</summary>
internal static class SessionToken
{
    /// <summary>How far a session has seen a partition, by its own token or one of a partition it was split from.</summary>
    /// <exception cref="CosmosErrorException">The token is none (400).</exception>
    public static long? LsnFor(string header, Partition partition)
    {
        long? seen = null;
        foreach (var part in header.Split(','))
        {
            var colon = part.IndexOf(':');
            if (colon < 0 || !int.TryParse(part.AsSpan(0, colon).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var range)
                || Lsn(part.AsSpan(colon + 1)) is not { } lsn)
                throw CosmosErrorException.BadRequest($"The session token provided '{header}' is invalid.");
            if ((range == partition.Id || partition.Parents.Contains(range)) && (seen is null || lsn > seen))
                seen = lsn;
        }
        return seen;
    }

    /// <summary><c>lsn</c>, or <c>version#lsn</c> with the LSNs of regions behind it.</summary>
    private static long? Lsn(ReadOnlySpan<char> token)
    {
        var parts = token.ToString().Split('#');
        if (!long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var first))
            return null;
        if (parts.Length == 1)
            return first;
        return long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var lsn) ? lsn : null;
    }
}
