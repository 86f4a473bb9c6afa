using System.Globalization;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Positions;

/// <summary>A range of effective partition keys, as leases and the SDK's continuations have it.</summary>
internal readonly record struct KeyRange(string Min, string Max)
{
    /// <summary>Reads the form of <see cref="FeedRange.ToJsonString"/>.</summary>
    public static KeyRange Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var range = document.RootElement.GetProperty("Range"u8);
        return new KeyRange(range.GetProperty("min"u8).GetString()!, range.GetProperty("max"u8).GetString()!);
    }

    /// <summary>Whether some ranges together have every key.</summary>
    public static bool CoverAll(IEnumerable<KeyRange> ranges)
    {
        var end = "";
        foreach (var range in ranges.OrderBy(range => range.Min, StringComparer.Ordinal))
        {
            if (string.CompareOrdinal(range.Min, end) > 0)
                return false;
            end = string.CompareOrdinal(range.Max, end) > 0 ? range.Max : end;
        }

        return end == "FF";
    }

    public bool Contains(KeyRange other) => string.CompareOrdinal(Min, other.Min) <= 0 && string.CompareOrdinal(other.Max, Max) <= 0;
}

/// <summary>A position as a lease has it: a log sequence number in quotation marks.</summary>
internal static class LeasePosition
{
    public static long? Read(string lease, string? continuation) => continuation is null ? null
        : long.TryParse(continuation.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var lsn) ? lsn
        : throw new PositionException(
            "partition", $"The lease of partition {lease} has a position of a form that is not known here, so it cannot be moved.");

    public static string? Write(long? position) => position is { } lsn ? string.Create(CultureInfo.InvariantCulture, $"\"{lsn}\"") : null;

    /// <summary>The position before a document.</summary>
    public static long? Before(long lsn) => lsn > 1 ? lsn - 1 : null;
}
