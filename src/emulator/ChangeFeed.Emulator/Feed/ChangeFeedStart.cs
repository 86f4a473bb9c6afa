using System.Globalization;
using ChangeFeed.Emulator.Http;

namespace ChangeFeed.Emulator.Feed;

/// <summary>Where a change feed read begins: after an LSN, now, or at a time. Neither set means at the beginning.</summary>
readonly record struct ChangeFeedStart(long? AfterLsn, bool Now, long? Since)
{
    public static ChangeFeedStart From(CosmosRequest request)
    {
        if (request.Header("If-None-Match") is { } continuation)
        {
            var text = continuation.AsSpan().Trim().Trim('"');
            if (text is "*")
                return new(null, true, null);
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var lsn)
                ? new(lsn, false, null)
                : throw CosmosError.BadRequest($"The continuation '{continuation}' is not one of this endpoint's change feeds.");
        }

        if (request.Header("If-Modified-Since") is not { } since)
            return default;
        return DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new(null, false, time.ToUnixTimeSeconds())
            : throw CosmosError.BadRequest($"If-Modified-Since is '{since}'; it must be a date such as 'Fri, 20 Nov 2026 10:00:00 GMT'.");
    }
}
